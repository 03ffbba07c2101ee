//! Words for the values of the model, in the reader's language.

use crate::words::{Lang, Words};
use std::borrow::Cow;
use tasuki_model::time::Era;
use tasuki_model::{Category, JstDay, Role, Sex};
use tasuki_records::lab::item::ItemGroup;
use tasuki_records::prescription::class::Class;
use tasuki_records::view::Label;

pub(crate) fn role(w: Words, role: Role) -> Cow<'static, str> {
    match role {
        Role::Physician => w.role_physician(),
        Role::Dentist => w.role_dentist(),
        Role::Nurse => w.role_nurse(),
        Role::Pharmacist => w.role_pharmacist(),
        Role::CareManager => w.role_care_manager(),
        Role::Clerk => w.role_clerk(),
        Role::FacilityAdministrator => w.role_facility_administrator(),
        Role::NetworkOperator => w.role_network_operator(),
        Role::PrivacyOfficer => w.role_privacy_officer(),
        Role::Auditor => w.role_auditor(),
    }
}

pub(crate) fn category(w: Words, category: Category) -> Cow<'static, str> {
    match category {
        Category::Basic => w.category_basic(),
        Category::Visit => w.category_visit(),
        Category::Stay => w.category_stay(),
        Category::Prescription => w.category_prescription(),
        Category::Injection => w.category_injection(),
        Category::Lab => w.category_lab(),
        Category::Image => w.category_image(),
        Category::Report => w.category_report(),
        Category::File => w.category_file(),
        Category::Record => w.category_record(),
        Category::Note => w.category_note(),
        Category::Problem => w.category_problem(),
        Category::Allergy => w.category_allergy(),
        Category::Meal => w.category_meal(),
        Category::Consent => w.category_consent(),
    }
}

pub(crate) fn sex(w: Words, sex: Sex) -> Cow<'static, str> {
    match sex {
        Sex::Male => w.sex_male(),
        Sex::Female => w.sex_female(),
        Sex::Other => w.sex_other(),
        Sex::Unknown => w.sex_unknown(),
    }
}

/// A weekday in one letter (Japanese) or three (English).
pub(crate) fn weekday(w: Words, day: JstDay) -> Cow<'static, str> {
    match day.weekday() {
        0 => w.weekday_monday(),
        1 => w.weekday_tuesday(),
        2 => w.weekday_wednesday(),
        3 => w.weekday_thursday(),
        4 => w.weekday_friday(),
        5 => w.weekday_saturday(),
        _ => w.weekday_sunday(),
    }
}

/// `2026年7月13日（月）` or `2026-07-13 (Mon)`.
pub(crate) fn long_day(w: Words, day: JstDay) -> String {
    let weekday = weekday(w, day);
    match w.lang {
        Lang::Ja => {
            format!(
                "{}年{}月{}日（{weekday}）",
                day.year(),
                day.month(),
                day.day()
            )
        }
        _ => format!("{day} ({weekday})"),
    }
}

/// A birth date, Gregorian first, era in brackets: `1947-03-12（昭和22年）`.
pub(crate) fn birth(w: Words, day: JstDay) -> String {
    match day.era() {
        Some((era, year)) => w
            .date_birth(&day.to_string(), &self::era(w, era), year)
            .into_owned(),
        None => day.to_string(),
    }
}

/// The name of an era.
pub(crate) fn era(w: Words, era: Era) -> Cow<'static, str> {
    match era {
        Era::Meiji => w.era_meiji(),
        Era::Taisho => w.era_taisho(),
        Era::Showa => w.era_showa(),
        Era::Heisei => w.era_heisei(),
        Era::Reiwa => w.era_reiwa(),
    }
}

/// The head of a group of lab items.
pub(crate) fn item_group(w: Words, group: ItemGroup) -> Cow<'static, str> {
    match group {
        ItemGroup::Kidney => w.item_group_kidney(),
        ItemGroup::Liver => w.item_group_liver(),
        ItemGroup::Metabolism => w.item_group_metabolism(),
        ItemGroup::Blood => w.item_group_blood(),
        ItemGroup::Coagulation => w.item_group_coagulation(),
        ItemGroup::Hormones => w.item_group_hormones(),
        ItemGroup::Immunity => w.item_group_immunity(),
        ItemGroup::Urine => w.item_group_urine(),
        ItemGroup::Microbes => w.item_group_microbes(),
        ItemGroup::Other => w.item_group_other(),
        ItemGroup::Local => w.item_group_local(),
    }
}

/// The head of a class of medicines.
pub(crate) fn class(w: Words, class: Class) -> Cow<'static, str> {
    match class {
        Class::BloodPressure => w.drug_class_blood_pressure(),
        Class::Diuretic => w.drug_class_diuretic(),
        Class::Antithrombotic => w.drug_class_antithrombotic(),
        Class::Diabetes => w.drug_class_diabetes(),
        Class::Lipid => w.drug_class_lipid(),
        Class::Digestive => w.drug_class_digestive(),
        Class::Analgesic => w.drug_class_analgesic(),
        Class::Antibacterial => w.drug_class_antibacterial(),
        Class::Steroid => w.drug_class_steroid(),
        Class::Bone => w.drug_class_bone(),
        Class::Respiratory => w.drug_class_respiratory(),
        Class::Nervous => w.drug_class_nervous(),
        Class::Antineoplastic => w.drug_class_antineoplastic(),
    }
}

/// The label of a part of a sheet.
pub(crate) fn label(w: Words, label: Label) -> Cow<'static, str> {
    match label {
        Label::Name => w.label_name(),
        Label::Kana => w.label_kana(),
        Label::Sex => w.label_sex(),
        Label::Birth => w.label_birth(),
        Label::Address => w.label_address(),
        Label::Phone => w.label_phone(),
        Label::Insurance => w.label_insurance(),
        Label::Family => w.label_family(),
        Label::Physician => w.label_physician(),
        Label::Department => w.label_department(),
        Label::Ward => w.label_ward(),
        Label::Room => w.label_room(),
        Label::Bed => w.label_bed(),
        Label::Admitted => w.label_admitted(),
        Label::Discharged => w.label_discharged(),
        Label::Outcome => w.label_outcome(),
        Label::From => w.label_from(),
        Label::To => w.label_to(),
        Label::Start => w.label_start(),
        Label::End => w.label_end(),
        Label::Planned => w.label_planned(),
        Label::Type => w.label_type(),
        Label::Drug => w.label_drug(),
        Label::Dose => w.label_dose(),
        Label::DailyDose => w.label_daily_dose(),
        Label::Total => w.label_total(),
        Label::Usage => w.label_usage(),
        Label::Duration => w.label_duration(),
        Label::Route => w.label_route(),
        Label::Device => w.label_device(),
        Label::Rate => w.label_rate(),
        Label::Setting => w.label_setting(),
        Label::GivenBy => w.label_given_by(),
        Label::Instruction => w.label_instruction(),
        Label::Comment => w.label_comment(),
        Label::Item => w.label_item(),
        Label::Result => w.label_result(),
        Label::Unit => w.label_unit(),
        Label::Range => w.label_range(),
        Label::Judgement => w.label_judgement(),
        Label::Status => w.label_status(),
        Label::Specimen => w.label_specimen(),
        Label::Collected => w.label_collected(),
        Label::Reported => w.label_reported(),
        Label::OrderedBy => w.label_ordered_by(),
        Label::OrderNumber => w.label_order_number(),
        Label::Procedure => w.label_procedure(),
        Label::Findings => w.label_findings(),
        Label::Disease => w.label_disease(),
        Label::Modifier => w.label_modifier(),
        Label::MainDiagnosis => w.label_main_diagnosis(),
        Label::Suspected => w.label_suspected(),
        Label::Diagnosed => w.label_diagnosed(),
        Label::OutcomeDay => w.label_outcome_day(),
        Label::Allergen => w.label_allergen(),
        Label::Severity => w.label_severity(),
        Label::Reaction => w.label_reaction(),
        Label::Onset => w.label_onset(),
        Label::Height => w.label_height(),
        Label::Weight => w.label_weight(),
        Label::BloodType => w.label_blood_type(),
        Label::Diet => w.label_diet(),
        Label::Title => w.label_title(),
        Label::Author => w.label_author(),
        Label::Written => w.label_written(),
        Label::Organisation => w.label_organisation(),
        Label::Code => w.label_code(),
    }
}
