//! The plans of the NIST XDS toolkit against the registry and repository: what is sent, the status,
//! the error code, the contents and the assertions expected are those of the plan files. XPath is
//! judged by `xmllint`.
//!
//! The toolkit's own translation of its older metadata is `nist-testkit-v3`. What is ours here: the
//! patients are registered before, and a plan's patient feed is therefore not sent again.

mod codes;
mod contents;
mod fill;
mod plan;
mod run;
mod schema;

pub use codes::affinity;
use run::Run;
pub use run::shared;

/// Runs plans in one world, each with what it builds on.
fn pass(tests: &[&str]) {
    let mut run = Run::new();
    for test in tests {
        run.test(test);
    }
    assert!(run.failures.is_empty(), "\n{}", run.failures.join("\n"));
    assert!(run.judged > 0);
    let wrong = schema::judge(&run.answers);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

macro_rules! plans {
    ($($name:ident: $($test:literal),+;)+) => {
        $(#[test] fn $name() { pass(&[$($test),+]) })+
    };
}

plans! {
    register_one: "11990";
    register_two: "11991";
    replace: "11992";
    replace_with_addendum: "11993";
    replace_with_transformation: "11994";
    replace_by_transformation: "11995";
    unknown_patient: "11996";
    patients_that_differ: "11997";
    missing_attributes: "11998a";
    create_folder: "11999";
    create_folder_with_document: "12000";
    folder_and_get_documents: "12000.1a";
    add_to_folder: "12001";
    resubmission: "12004";
    replace_addendum_transformation: "12022";
    all_or_nothing: "12084";
    folder_time: "12323";
    add_existing_to_folder: "12326";
    replace_in_folder: "12327";
    association_documentation: "12370";
    extra_metadata: "12379";
    find_documents: "12346", "11897";
    find_submission_sets: "12346", "11898";
    find_folders: "12346", "11899";
    get_documents: "12346", "11901";
    get_folders: "12346", "11902";
    get_associations: "12346", "11903";
    get_documents_and_associations: "12346", "11904";
    get_submission_sets: "12346", "11905";
    get_submission_set_and_contents: "12346", "11906";
    get_folder_and_contents: "12346", "11907";
    get_folders_for_document: "12346", "11908";
    get_related_documents: "12346", "11909";
    provide_one: "11966";
    provide_two: "11979";
    provide_with_hash_and_size: "11981";
    documents_and_metadata_that_do_not_match: "11983";
    errors_of_the_registry: "11986";
    retrieve_two: "12021";
    retrieve_one: "12029";
    media_type: "12360";
    wrong_hash_or_size: "12369";
    provide_and_replace: "ReposAcceptanceTest-1111";
    provide_addendum_and_transformation: "ReposAcceptanceTest-1112";
    provide_folders: "ReposAcceptanceTest-1113";
    remove_nothing_that_is_not_there: "30000";
    remove_a_document: "30001";
    remove_a_folder: "30002";
    remove_a_folder_and_a_document: "30003";
    remove_with_addendum: "30004";
    remove_with_replacement: "30005";
    remove_with_transformation_and_addendum: "30006";
    remove_all_at_once: "30007";
    remove_parts: "30008";
    remove_one_content: "50000";
    remove_two_contents: "50001";
    remove_from_another_repository: "50002";
    remove_another_document: "50003";
    update_entry: "15800";
    update_without_original: "15800b";
    update_as_first_version: "15800c";
    update_incomplete: "15800d";
    update_older_version: "15800e";
    update_each_attribute: "15801";
    update_status: "15802";
    update_status_of_older_version: "15802b";
    update_folder: "20000";
    update_folder_without_original: "20000b";
    update_folder_wrong_version: "20000c";
    update_folder_with_propagation: "20000d";
    update_folder_without_propagation: "20000e";
    update_folder_incomplete: "20000f";
    update_by_association: "20001";
    update_status_syntax: "20002";
    update_syntax: "20002b";
    update_entry_and_status: "20003";
    update_folder_and_status: "20004";
    update_twice: "20007";
    update_set_status: "21001";
    update_entry_of_another_patient: "21002";
    update_folder_of_another_patient: "21003";
    update_association_and_status: "20005";
    update_version_and_association: "20006";
    update_versioned_association: "20008";
    update_association_of_deprecated: "21004";
    restricted_update: "40000";
    restricted_update_without_original: "40000b";
    restricted_update_as_first_version: "40000c";
    restricted_update_incomplete: "40000d";
    restricted_update_older_version: "40000e";
    restricted_update_each_attribute: "40001";
    restricted_update_of_what_is_fixed: "40001b";
    restricted_update_twice: "40007";
    retrieve_normal_unknown_and_partial: "15816";
}
