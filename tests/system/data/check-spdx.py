# SPDX-License-Identifier: BSD-3-Clause
# Usage: check-spdx.py FILE: checks what SPDX 2.3 requires of a document (clauses 6 to 11), and that it is of one piece.
import hashlib
import json
import re
import sys

doc = json.load(open(sys.argv[1]))
ID = re.compile(r'SPDXRef-[A-Za-z0-9.-]+$')
LICENCE = re.compile(r'(NOASSERTION|NONE|[A-Za-z0-9.+-]+( AND [A-Za-z0-9.+-]+)*)$')


def need(ok, what):
    if not ok:
        sys.exit('not valid: ' + what)


need(doc['spdxVersion'] == 'SPDX-2.3', '6.1 version')
need(doc['dataLicense'] == 'CC0-1.0', '6.2 data license')
need(doc['SPDXID'] == 'SPDXRef-DOCUMENT', '6.3 identifier')
need(doc['name'], '6.4 name')
need(re.match(r'[a-z]+://[^#]+$', doc['documentNamespace']), '6.5 namespace')
need(all(re.match('(Tool|Person|Organization): ', c) for c in doc['creationInfo']['creators']), '6.8 creators')
need(re.match(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$', doc['creationInfo']['created']), '6.9 created')
ids = {doc['SPDXID']}
for p in doc['packages']:
    need(ID.match(p['SPDXID']) and p['SPDXID'] not in ids, '7.2 ' + p['SPDXID'])
    ids.add(p['SPDXID'])
    need(p['name'] and p['versionInfo'], '7.1 ' + p['SPDXID'])
    need(p['downloadLocation'], '7.7 ' + p['SPDXID'])
    need(LICENCE.match(p['licenseDeclared']) and LICENCE.match(p['licenseConcluded']), '7.13 ' + p['licenseDeclared'])
    need('packageVerificationCode' in p or not p['filesAnalyzed'], '7.9 ' + p['SPDXID'])
    for c in p.get('checksums', []):
        need(re.match('[0-9a-f]{64}$', c['checksumValue']), '7.10 ' + p['SPDXID'])
    for r in p.get('externalRefs', []):
        need(re.match(r'pkg:deb/debian/\S+@\S+$', r['referenceLocator']), '7.21 ' + r['referenceLocator'])
sums = {}
for f in doc['files']:
    need(ID.match(f['SPDXID']) and f['SPDXID'] not in ids, '8.2 ' + f['SPDXID'])
    ids.add(f['SPDXID'])
    need(f['fileName'].startswith('./'), '8.1 ' + f['fileName'])
    sums[f['SPDXID']] = {c['algorithm']: c['checksumValue'] for c in f['checksums']}.get('SHA1')
    need(sums[f['SPDXID']], '8.4 ' + f['fileName'])
licences = {x['licenseId'] for x in doc['hasExtractedLicensingInfos']}
need(all(x['extractedText'] for x in doc['hasExtractedLicensingInfos']), '10.2')
for p in doc['packages']:
    for word in p['licenseDeclared'].split(' AND '):
        need(not word.startswith('LicenseRef') or word in licences, '10.1 ' + word)
owner = {}
for r in doc['relationships']:
    need(r['spdxElementId'] in ids and r['relatedSpdxElement'] in ids, '11.1 %s' % r)
    need(re.match('[A-Z_]+$', r['relationshipType']), '11.1 %s' % r)
    if r['relationshipType'] == 'CONTAINS' and r['relatedSpdxElement'] in sums:
        need(owner.setdefault(r['relatedSpdxElement'], r['spdxElementId']) == r['spdxElementId'], 'two owners')
need(set(owner) == set(sums), 'every file belongs to a package')
need(doc['documentDescribes'] and set(doc['documentDescribes']) <= ids, '11 describes')
for p in doc['packages']:
    mine = sorted(sums[f] for f in sums if owner[f] == p['SPDXID'])
    need(p['filesAnalyzed'] == bool(mine), '7.8 ' + p['SPDXID'])
    if mine:
        code = hashlib.sha1(''.join(mine).encode()).hexdigest()
        need(p['packageVerificationCode']['packageVerificationCodeValue'] == code, '7.9 ' + p['SPDXID'])
