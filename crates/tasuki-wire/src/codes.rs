//! Every stable code that this crate's errors and problems carry, with its meaning for an operator.

/// `(code, meaning)`, sorted by code. docs/errors.md and the message catalogue are checked against it.
pub const CODES: &[(&str, &str)] = &[
    ("HL7-001", "no message header (MSH) at the start"),
    (
        "HL7-002",
        "delimiters are not five different punctuation characters",
    ),
    ("HL7-003", "message too large"),
    ("HL7-004", "too many segments"),
    ("HL7-005", "too many fields in a segment"),
    ("HL7-006", "unknown character set declared"),
    ("HL7-007", "not a path"),
    ("HL7-008", "segment or field that cannot be written"),
    ("HL7-101", "segments end in a line feed (read all the same)"),
    (
        "HL7-102",
        "a line that is no segment (left in the original only)",
    ),
    ("HL7-103", "a second message header (read as one message)"),
    (
        "JIS-001",
        "a byte above 0x7F where the declared character set has none",
    ),
    ("JIS-002", "a code that the character set leaves unassigned"),
    ("JIS-003", "a two-byte character without its second byte"),
    ("JIS-004", "an escape sequence to an unknown character set"),
    (
        "JIS-005",
        "the bytes end inside a character run: the message was cut",
    ),
    (
        "JIS-006",
        "a segment ends without the return to ASCII (repaired)",
    ),
    (
        "JIS-007",
        "a byte sequence that the declared character set does not allow",
    ),
    ("JIS-008", "a byte order mark (removed)"),
    (
        "JIS-009",
        "a character that the target character set lacks (〓 written)",
    ),
    ("SSM-001", "not as many folders as the storage has"),
    ("SSM-002", "not as many name parts as the storage has"),
    ("SSM-003", "a malformed part of a name or folder"),
    (
        "SSM-004",
        "the first two folders do not belong to the patient folder",
    ),
    ("SSM-005", "folder and name disagree"),
    ("SSM-006", "unknown data kind"),
    ("SSM-007", "not a safe path"),
    ("SSM-008", "not a transaction file name"),
    ("SSM-009", "transaction entry without operation or message"),
    ("SSM-010", "index row with a bad column"),
];
