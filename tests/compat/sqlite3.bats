#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-3-Clause
# sqlite3 from its Debian package: a session of 100 000 rows, in memory, on tmpfs and in a shared folder.
load ../lib

session() {
	cat <<-'SQL'
		.bail on
		PRAGMA journal_mode=WAL;
		PRAGMA synchronous=NORMAL;
		CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, value REAL, data BLOB);
		BEGIN;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000)
		INSERT INTO t SELECT i, printf('row %06d', (i*7919)%100000), i*1.5, zeroblob(i%50) FROM n;
		COMMIT;
		CREATE INDEX by_name ON t(name);
		SELECT count(*), sum(value), min(name), max(name), sum(length(data)) FROM t;
		SELECT * FROM t WHERE name BETWEEN 'row 050000' AND 'row 050009' ORDER BY name;
		UPDATE t SET value=value*2 WHERE id%3=0;
		DELETE FROM t WHERE id%10=7;
		SELECT count(*), round(avg(value),4) FROM t;
		SELECT id%7 AS k, count(*), group_concat(DISTINCT length(data)) FROM t WHERE id<500 GROUP BY k;
		VACUUM;
		PRAGMA integrity_check;
		.headers on
		.mode json
		SELECT name, value FROM t ORDER BY value DESC LIMIT 3;
		.mode csv
		SELECT name, value FROM t ORDER BY name LIMIT 3;
		SELECT error_here FROM t;
	SQL
}

setup() {
	need sqlite3
	session >"$BATS_TEST_TMPDIR/session.sql"
	export UC_STDIN=$BATS_TEST_TMPDIR/session.sql UC_TIMEOUT=400
}

@test "sqlite3: 100 000 rows in memory" {
	same_as_native "$(image_of deb:sqlite3)" sqlite3 -m 128M -- :memory:
}

@test "sqlite3: 100 000 rows in a file on tmpfs" {
	file=$(mktemp -u /tmp/uc-test-XXXXXX) # the same name natively and in the guest
	same_as_native "$(image_of deb:sqlite3)" sqlite3 -m 128M -- "$file"
	rm -f "$file"*
}

@test "sqlite3: 100 000 rows in a file of a shared folder, byte-identical" {
	mkdir "$BATS_TEST_TMPDIR/n" "$BATS_TEST_TMPDIR/g"
	sed -i 's/^PRAGMA journal_mode=WAL/PRAGMA journal_mode=DELETE/' "$UC_STDIN"
	UC_NATIVE_DIR=$BATS_TEST_TMPDIR/n UC_GUEST_DIR=/data \
		same_as_native "$(image_of deb:sqlite3)" sqlite3 -m 128M -v "$BATS_TEST_TMPDIR/g:/data" -- test.db
	cmp "$BATS_TEST_TMPDIR/n/test.db" "$BATS_TEST_TMPDIR/g/test.db"
}

@test "sqlite3: the shell needs at most 8 MB" {
	echo 'CREATE TABLE t(a); INSERT INTO t VALUES(1),(2); SELECT sum(a) FROM t;' >"$UC_STDIN"
	same_as_native "$(image_of deb:sqlite3)" sqlite3 -m 8M --
}
