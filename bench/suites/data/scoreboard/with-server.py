# SPDX-License-Identifier: BSD-3-Clause
# Serves the folder over HTTP on port 7000 of this machine while the command of the arguments runs; its status is that command's.
import http.server
import subprocess
import sys
import threading


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def date_time_string(self, timestamp=None):
        return "Thu, 01 Jan 1970 00:00:00 GMT"


server = http.server.ThreadingHTTPServer(("127.0.0.1", 7000), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.exit(subprocess.run(sys.argv[1:]).returncode)
