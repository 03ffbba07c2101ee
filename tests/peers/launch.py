"""An electronic record that opens charts: a launch token by joserfc.

    launch.py KEY_FILE FACILITY PATIENT [SECONDS_AGO]
"""

import json
import sys
import time

from joserfc import jwe
from joserfc.jwk import OctKey

key_file, facility, patient, *ago = sys.argv[1:]
with open(key_file, encoding="ascii") as file:
    key = OctKey.import_key({"kty": "oct", "k": file.read().strip()})
now = int(time.time()) - int(ago[0] if ago else 0)
header = {"alg": "dir", "enc": "A256GCM", "kid": facility, "typ": "JWT"}
claims = json.dumps({"sub": patient, "iat": now, "exp": now + 60})
print(jwe.encrypt_compact(header, claims, key, algorithms=["dir", "A256GCM"]))
