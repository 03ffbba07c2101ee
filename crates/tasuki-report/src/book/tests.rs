use super::*;
use std::io::Write;
use std::process::{Command, Stdio};

fn sheet() -> Sheet {
    Sheet {
        name: "検査".to_owned(),
        above: vec!["東京 花子".to_owned()],
        columns: vec![("項目".to_owned(), 20), ("値".to_owned(), 10)],
        held: 1,
        rows: vec![
            vec![
                Cell::text("ＣＲＰ"),
                Cell::Number {
                    shown: "7.20".to_owned(),
                    number: 7.2,
                    flag: "H▲",
                },
            ],
            vec![Cell::text("=1+1"), Cell::text("(-)")],
            vec![Cell::text("-0.5"), Cell::text("a,\"b\"\nc")],
        ],
    }
}

#[test]
fn csv_keeps_digits_and_runs_no_formula() {
    let text = String::from_utf8(sheet().to_csv().unwrap()).unwrap();
    assert_eq!(
        text,
        "\u{feff}項目,値\r\nＣＲＰ,7.20\r\n'=1+1,(-)\r\n-0.5,\"a,\"\"b\"\"\nc\"\r\n"
    );
}

/// What openpyxl, a reader of others, finds in the workbook.
#[test]
fn a_workbook_is_read_by_others() {
    let book = Book {
        title: "検査".to_owned(),
        sheets: vec![sheet()],
    };
    let script = "import sys,io,openpyxl\n\
        s=openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read())).active\n\
        print(s.title, s.freeze_panes)\n\
        for r in s.iter_rows():\n\
        \x20print([(c.value, c.data_type, c.number_format) for c in r])\n";
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        std::path::PathBuf::from,
    );
    let mut child = Command::new(target.join("peers/bin/python"))
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&book.to_xlsx().unwrap()).unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success());
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.starts_with("検査 B3\n"), "{said}");
    assert!(said.contains(r#"(7.2, 'n', '0.00" H▲"')"#), "{said}");
    assert!(said.contains("('=1+1', 's', 'General')"), "{said}");
}

#[test]
fn two_sheets_of_one_name_are_refused() {
    let book = Book {
        title: String::new(),
        sheets: vec![sheet(), sheet()],
    };
    assert_eq!(
        book.to_xlsx().unwrap_err().code,
        tasuki_core::Code::InternalFault
    );
}
