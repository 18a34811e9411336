#!/usr/bin/env python3
"""Suite 2 done by others: SM2 and SM3 by the openssl program, SM4-GCM by PyPI's cryptography.

    suite2.py make FOLDER    writes the s2-foreign files, which the tests of mingbai-bundle read
    suite2.py check FOLDER   verifies and decrypts the s2 files our program wrote, and fails on the first that is wrong

Needs OpenSSL 3 and a `cryptography` that knows SM4-GCM (50.0.2 does). Nothing here shares code with the program.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SM2_OID = bytes.fromhex("06082a811ccf5501822d")  # 1.2.156.10197.1.301
EC_OID = bytes.fromhex("06072a8648ce3d0201")  # 1.2.840.10045.2.1
USER_ID = "distid:1234567812345678"
CHUNK, TAG = 65536, 16


def openssl(*arguments, data=b"", **files):
    """Runs openssl with `data` on standard input; a keyword names a file to be made, `@name` stands for its path."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        words = [os.path.join(folder, word[1:]) if word.startswith("@") else word for word in arguments]
        run = subprocess.run(["openssl", *words], input=data, capture_output=True, check=False)
        if run.returncode != 0:
            raise SystemExit(f"openssl {' '.join(arguments)}: {run.stderr.decode()}{run.stdout.decode()}")
        return run.stdout


def der(tag, *parts):
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


def items(sequence):
    """The contents of the items of one DER sequence."""

    def item(data):
        length, start = (data[1], 2) if data[1] < 128 else (data[2], 3)
        return data[start : start + length], data[start + length :]

    body, found = item(sequence)[0], []
    while body:
        content, body = item(body)
        found.append(content)
    return found


def number(content):
    return content.lstrip(b"\0").rjust(32, b"\0")


def integer(content):
    content = content.lstrip(b"\0")
    return der(2, b"\0" + content if content[0] & 0x80 else content)


def private(secret):
    """PKCS#8 of a secret number."""
    key = der(0x30, der(2, b"\1"), der(4, secret))
    return der(0x30, der(2, b"\0"), der(0x30, EC_OID, SM2_OID), der(4, key))


def public(point):
    return der(0x30, der(0x30, EC_OID, SM2_OID), der(3, b"\0", point))


def point_of(secret):
    return openssl("pkey", "-inform", "DER", "-in", "@key", "-pubout", "-outform", "DER", key=private(secret))[-65:]


def sm3(data):
    return openssl("dgst", "-sm3", "-binary", data=data)


def sign(secret, message):
    made = openssl(
        "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-pkeyopt", USER_ID,
        "-keyform", "DER", "-inkey", "@key", "-in", "@message", key=private(secret), message=message,
    )  # fmt: skip
    return b"".join(number(part) for part in items(made))


def verify(point, message, signature):
    openssl(
        "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pkeyopt", USER_ID,
        "-pubin", "-keyform", "DER", "-inkey", "@key", "-in", "@message", "-sigfile", "@signature",
        key=public(point), message=message,
        signature=der(0x30, integer(signature[:32]), integer(signature[32:])),
    )  # fmt: skip


def wrap(point, key):
    """C1 ‖ C3 ‖ C2 of OpenSSL's SEQUENCE { x, y, C3, C2 }."""
    made = openssl(
        "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "@key", "-in", "@plain",
        key=public(point), plain=key,
    )  # fmt: skip
    x, y, c3, c2 = items(made)
    return b"\4" + number(x) + number(y) + c3 + c2


def unwrap(secret, wrapped):
    sequence = der(0x30, integer(wrapped[1:33]), integer(wrapped[33:65]), der(4, wrapped[65:97]), der(4, wrapped[97:]))
    return openssl(
        "pkeyutl", "-decrypt", "-keyform", "DER", "-inkey", "@key", "-in", "@sealed",
        key=private(secret), sealed=sequence,
    )  # fmt: skip


def gcm_seal(key, nonce, aad, plain):
    sealing = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(aad)
    return sealing.update(plain) + sealing.finalize() + sealing.tag


def gcm_open(key, nonce, aad, sealed):
    opening = Cipher(algorithms.SM4(key), modes.GCM(nonce, sealed[-TAG:])).decryptor()
    opening.authenticate_additional_data(aad)
    return opening.update(sealed[:-TAG]) + opening.finalize()


def nonce(prefix, count, last):
    return prefix + count.to_bytes(4, "big") + bytes([last])


def close_envelope(points, content):
    key, prefix = os.urandom(16), os.urandom(7)
    header = b"mbx-sm/1" + len(points).to_bytes(2, "big")
    header += b"".join(sm3(point)[:8] + wrap(point, key) for point in points) + prefix
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
    sealed = (gcm_seal(key, nonce(prefix, at, at + 1 == len(chunks)), header, c) for at, c in enumerate(chunks))
    return header + b"".join(sealed)


def open_envelope(secret, payload):
    assert payload[:8] == b"mbx-sm/1"
    end = 10 + 121 * int.from_bytes(payload[8:10], "big")
    stanzas = {payload[at : at + 8]: payload[at + 8 : at + 121] for at in range(10, end, 121)}
    key = unwrap(secret, stanzas[sm3(point_of(secret))[:8]])
    header, prefix, sealed = payload[: end + 7], payload[end : end + 7], payload[end + 7 :]
    chunks = [sealed[at : at + CHUNK + TAG] for at in range(0, len(sealed), CHUNK + TAG)]
    opened = (gcm_open(key, nonce(prefix, at, at + 1 == len(chunks)), header, c) for at, c in enumerate(chunks))
    return b"".join(opened)


def secrets(folder):
    lines = (line.split(" = ") for line in Path(folder, "s2-keys.txt").read_text().splitlines())
    return {name: bytes.fromhex(secret) for name, secret in lines}


def split_bundle(file):
    """The signed head, the signature and the payload of a bundle."""
    end = 112 + 8 * int.from_bytes(file[60:62], "big") + 2 * int.from_bytes(file[62:64], "big")
    assert file[12:14] == b"\0\2" and file[end : end + 2] == b"\0\x40"
    return file[:end], file[end + 2 : end + 66], file[end + 66 : -16]


def make(folder):
    lines = []
    for length in (1, 14, 55, 56, 64, 119, 1000):
        message, secret = os.urandom(length), b"\x0d" + os.urandom(31)
        point = point_of(secret)
        lines.append(("sm3", message, sm3(message)))
        lines.append(("sm2-key", secret, point))
        lines.append(("sm2-sign", point, message, sign(secret, message)))
        key = os.urandom(16)
        lines.append(("sm2-wrap", secret, key, wrap(point, key)))
        block = os.urandom(16)
        lines.append(("sm4", key, block, openssl("enc", "-sm4-ecb", "-nopad", "-K", key.hex(), data=block)))
        lines.append(("envelope", secret, message, close_envelope([point_of(os.urandom(31) + b"\1"), point], message)))
    text = "".join(" ".join([line[0], *(part.hex() for part in line[1:])]) + "\n" for line in lines)
    Path(folder, "s2-foreign.txt").write_text(text)

    # Two chunks: the numbers from 0 to 16 399, four bytes each.
    keys = secrets(folder)
    content = b"".join(number.to_bytes(4, "big") for number in range(16_400))
    Path(folder, "s2-foreign-chunks.bin").write_bytes(close_envelope([point_of(keys["county sealing"])], content))

    # Our bundle taken apart, sealed anew and signed anew by the same township.
    head, _, payload = split_bundle(Path(folder, "s2-up.mbx").read_bytes())
    payload = close_envelope([point_of(keys["county sealing"])], open_envelope(keys["county sealing"], payload))
    head = head[:64] + len(payload).to_bytes(8, "big") + sm3(payload) + head[104:]
    file = head + b"\0\x40" + sign(keys["device signing"], b"mbx/outer/1" + head) + payload + b"MBXEND\r\n"
    Path(folder, "s2-foreign.mbx").write_bytes(file + (len(file) + 8).to_bytes(8, "big"))


def check(folder):
    keys = secrets(folder)
    zstd = b"\x28\xb5\x2f\xfd"

    head, signature, payload = split_bundle(Path(folder, "s2-up.mbx").read_bytes())
    device = point_of(keys["device signing"])
    assert head[24:32] == sm3(device)[:8] and head[72:104] == sm3(payload)
    verify(device, b"mbx/outer/1" + head, signature)
    assert open_envelope(keys["county sealing"], payload).startswith(zstd)

    file = Path(folder, "s2-request.mbq").read_bytes()
    end = 16 + int.from_bytes(file[12:16], "big")
    assert device in file[:end] and point_of(keys["device sealing"]) in file[:end]
    verify(device, b"mbx/request/1" + file[:end], file[end : end + 64])

    file = Path(folder, "s2-membership.mbm").read_bytes()
    assert file[44:76] == sm3(file[148:-16])
    verify(point_of(keys["ops"]), b"mbx/member/1" + file[:84], file[84:148])
    assert open_envelope(keys["device sealing"], file[148:-16]).startswith(zstd)
    print("bundle, request and membership of suite 2: signatures, hashes and seals are good")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
