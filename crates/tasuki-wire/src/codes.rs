//! Every stable code that this crate's errors and problems carry, with its meaning for an operator.

/// `(code, meaning)`, sorted by code. docs/errors.md and the message catalogue are checked against it.
pub const CODES: &[(&str, &str)] = &[
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
];
