//! The store, the same list of cases on both engines. A machine without PostgreSQL fails them.

// A test says what went wrong by failing where it did.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod access;
mod across;
mod audit;
mod browsers;
mod cluster;
mod commits;
mod consents;
mod crash;
mod cross_reference;
mod disasters;
mod emergencies;
mod factors;
mod feeds;
mod flags;
mod folder;
mod hints;
mod identity;
mod kept;
mod metadata;
mod misfiled;
mod model;
mod patient_index;
mod patients;
mod place;
mod received;
mod registry;
mod sealing;
mod spool;
mod statistics;
mod terminals;
mod withdrawals;

use place::{On, Place};

/// Writes each case as one test per engine.
macro_rules! cases {
    ($($module:ident :: { $($case:ident),+ $(,)? })+) => {
        /// Every case on SQLite.
        mod sqlite {
            $($(#[test] fn $case() { super::$module::$case(super::Place::new(super::On::Sqlite)) })+)+
        }

        /// Every case on PostgreSQL.
        mod postgresql {
            $($(#[test] fn $case() { super::$module::$case(super::Place::new(super::On::Postgres)) })+)+
        }

        /// How many cases there are, for the check that none was lost.
        const CASES: usize = [$($(stringify!($case)),+),+].len();
    };
}

cases! {
    withdrawals::{
        a_withdrawal_waits_for_each_community_until_it_has_been_told,
        a_statement_is_taken_once,
        a_link_of_a_patient_is_used_up_and_an_institution_is_kept,
    }
    browsers::{
        a_known_browser_has_so_many_tries_and_no_more,
        a_browser_of_several_users_is_forgotten_by_each_for_themselves,
    }
    hints::{
        many_more_records_than_on_other_days_are_one_hint_a_day,
    }
    factors::{
        factors_prove_once,
        a_one_time_code_is_taken_once,
    }
    statistics::{
        views_are_counted_from_the_audit_trail,
        nobody_publishes_their_own_proposal,
    }
    kept::{
        each_user_keeps_their_own,
        there_is_an_end_to_keeping,
    }
    spool::{
        a_large_content_comes_and_leaves_in_pieces,
        a_content_that_no_document_takes_is_gone,
        a_large_content_that_was_touched_does_not_leave_whole,
    }
    flags::{
        a_new_document_is_current,
        a_new_version_takes_the_place_of_the_old,
        the_same_bytes_change_nothing,
        flag_two_alone_leaves_nothing_current,
        a_superseded_file_joins_before_the_current_one,
        flag_zero_takes_every_version_away,
        a_key_can_be_used_again_after_its_deletion,
        another_key_of_the_same_patient_stays,
    }
    model::{ random_files_agree_with_the_model }
    registry::{
        entries_come_back_as_they_were_put,
        entries_are_found_by_day_category_and_status,
        the_calendar_counts_what_may_be_seen,
        a_document_answers_to_both_of_its_ids,
        a_foreign_unique_id_is_kept,
        an_unknown_patient_has_no_documents,
        large_contents_lie_in_the_object_folder,
        a_failed_write_leaves_no_object,
    }
    sealing::{
        nothing_of_a_content_is_stored_in_the_clear,
        a_flipped_content_is_found,
        swapped_contents_are_found,
        a_cut_object_is_found,
        a_missing_object_is_said,
        a_missing_wrapping_key_refuses_to_start,
        rotation_wraps_every_key_anew,
        keys_come_back_from_a_recovery_file,
        each_month_has_its_own_key,
    }
    audit::{
        rows_chain_and_verify,
        a_flipped_row_is_found,
        a_deleted_row_is_found,
        cut_rows_are_found,
        cut_rows_and_segments_are_found,
        a_recomputed_chain_is_found,
        a_segment_of_another_key_is_found,
        a_write_that_fails_leaves_no_row,
        two_processes_write_two_streams,
        a_stream_goes_to_another_process_and_fences_the_first,
        events_are_found_once_indexed,
        cursors_pass_rows_once_and_never_go_back,
    }
    commits::{
        writers_share_commits_and_all_are_durable,
        a_failing_neighbour_hurts_nobody,
        a_panicking_neighbour_hurts_nobody,
        a_swallowed_fault_is_not_committed,
        a_read_sees_one_snapshot,
        two_processes_write_side_by_side,
    }
    patients::{
        a_registration_is_made_once,
        names_are_found_however_they_are_typed,
        a_search_needs_a_word_and_says_if_there_is_more,
        a_message_never_overrides_the_patient_record,
        links_project_persons,
        a_human_decision_outranks_automatic_links,
        same_names_are_warned_of,
        recent_patients_come_first,
        disclosure_is_set_and_withdrawn,
    }
    cross_reference::{
        the_index_answers_inside_a_reading_while_it_settles,
        a_reading_inside_another_is_a_fault,
        registrations_of_one_person_are_linked_and_parted_by_withdrawal,
        a_restart_finds_the_same_persons,
        a_namesake_is_asked_about_and_decided_by_two,
        a_persons_word_outlives_rebuild_and_restart,
        only_one_process_settles,
        the_order_of_arrival_changes_nothing,
    }
    identity::{
        a_link_counts_only_while_both_disclose,
        within_a_facility_no_disclosure_is_needed,
        a_decision_taken_back_leaves_the_pair_to_the_engine,
        a_merged_number_names_its_survivor,
        changes_are_due_until_they_are_settled,
        the_index_is_read_in_the_order_of_keys,
        lines_of_the_queue_wait_and_are_decided,
        one_process_settles_identities,
    }
    patient_index::{
        identifiers_are_those_of_the_person_and_in_use,
        demographics_are_found_by_what_was_said,
        what_changed_is_told_until_it_was_told,
        the_visit_stated_last_is_kept,
    }
    feeds::{
        files_are_known_by_patient,
        quarantine_keeps_bytes_and_reason,
        a_changed_file_takes_the_place_of_its_row,
        a_feed_is_heard,
        facilities_keep_their_past,
        submissions_are_kept,
    }
    access::{
        accounts_and_memberships,
        sessions_of_a_user,
        sessions_end,
        a_receipt_is_of_the_first_time_and_of_one_reader,
        items_are_counted_and_mapped_by_facility,
    }
    metadata::{
        objects_are_found_by_each_of_their_ids,
        leaves_follow_their_objects,
        objects_change_and_go,
        objects_from_before_packing_are_read_and_change,
        a_person_has_one_id_for_the_exchange,
        a_document_goes_over_to_another_registration,
        registrations_of_a_facility_come_by_their_ids,
    }
    received::{
        a_gathering_is_found_by_its_session_and_goes_with_time,
        a_copy_stays_while_it_is_listed,
        a_copy_goes_when_its_time_is_over,
        copies_lie_sealed_and_say_why_they_are_empty,
        a_link_drops_the_copies_of_all_it_touches,
    }
    consents::{
        whatever_changes_a_consent_marks_its_document,
        a_consent_is_the_terms_of_its_registration_until_the_next_one,
        withdrawn_it_takes_the_disclosure_back_at_once,
        at_its_end_it_takes_the_disclosure_back,
        what_the_facility_keeps_out_stays_beside_any_consent,
    }
    across::{
        a_request_of_another_community_waits_and_is_told_until_taken,
        a_facility_elsewhere_is_kept_as_told_last,
        a_report_of_views_never_goes_back,
    }
    disasters::{
        a_declaration_is_open_until_its_end_is_in_the_trail,
        the_board_has_one_line_for_a_department,
    }
    terminals::{
        a_terminal_is_listed_at_its_facility_and_its_newer_certificate_ends_the_older,
        a_certificate_is_taken_once_and_in_its_time,
        the_first_authority_stays_and_its_key_lies_sealed,
    }
    emergencies::{
        an_emergency_is_open_to_one_user_until_its_end,
        a_doctor_is_let_in_by_name_and_for_a_time,
        a_line_waits_until_it_is_judged,
    }
    misfiled::{
        a_document_of_another_is_reported_once_until_dealt_with,
        items_of_institutions_stand_beside_ours,
    }
    folder::{
        a_store_may_be_used_inside_a_runtime,
        a_newer_schema_refuses_to_start,
        a_full_disk_stops_writes_and_not_reads,
        opening_twice_changes_nothing,
        a_key_that_others_can_read_is_refused,
        damaged_rows_are_named,
    }
}

/// SQLite and the object folder are ours to get right; PostgreSQL is tested by its own makers.
#[test]
fn power_cuts() {
    crash::power_cuts_keep_what_was_acknowledged();
}

#[test]
fn kills() {
    crash::killed_processes_keep_what_they_acknowledged();
}

#[test]
fn no_case_was_lost() {
    assert_eq!(CASES, 135);
}
