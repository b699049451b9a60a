-- SPDX-License-Identifier: BSD-3-Clause
PRAGMA journal_mode=DELETE;
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, value REAL, data BLOB);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000)
INSERT INTO t SELECT i, printf('row %06d', (i*7919)%100000), i*1.5, zeroblob(i%50) FROM n;
COMMIT;
CREATE INDEX by_name ON t(name);
SELECT count(*), sum(value), min(name), max(name), sum(length(data)) FROM t;
UPDATE t SET value=value*2 WHERE id%3=0;
DELETE FROM t WHERE id%10=7;
SELECT count(*), round(avg(value),4) FROM t;
PRAGMA integrity_check;
