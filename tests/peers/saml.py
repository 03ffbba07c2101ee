"""Signatures of a third-party library (signxml) for the tests of assertions.

    saml.py sign KEY.pem CERT.pem rsa-sha256|ecdsa-sha256 < unsigned > signed
    saml.py verify CERT.pem                                < signed

The unsigned assertion has an empty ds:Signature with Id="placeholder" where the signature goes.
"""

import sys

from lxml import etree
from signxml import SignatureConfiguration, SignatureMethod, XMLSigner, XMLVerifier, methods

EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


def pem(path):
    with open(path, "rb") as file:
        return file.read()


def sign(key, certificate, algorithm):
    root = etree.fromstring(sys.stdin.buffer.read())
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm=algorithm,
        digest_algorithm="sha256",
        c14n_algorithm=EXCLUSIVE,
    )
    signed = signer.sign(
        root,
        key=pem(key),
        cert=pem(certificate),
        reference_uri=root.get("ID"),
    )
    sys.stdout.buffer.write(etree.tostring(signed))


def verify(certificate):
    methods_allowed = frozenset(
        [SignatureMethod.RSA_SHA256, SignatureMethod.ECDSA_SHA256]
    )
    verified = XMLVerifier().verify(
        sys.stdin.buffer.read(),
        x509_cert=pem(certificate).decode(),
        expect_config=SignatureConfiguration(signature_methods=methods_allowed),
    )
    print(verified.signed_xml.tag)


if __name__ == "__main__":
    {"sign": sign, "verify": verify}[sys.argv[1]](*sys.argv[2:])
