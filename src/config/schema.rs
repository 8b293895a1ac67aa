//! The config as a JSON schema, from which the page builds its form.

use super::TrainConfig;

/// The JSON schema of [`TrainConfig`].
pub fn schema() -> serde_json::Value {
    // As it is written, not as it is read: there no field is missing, so `required` lists all in the order of their declaration.
    schemars::generate::SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<TrainConfig>().to_value()
}

/// The names of the top-level settings marked `x-live`, read from the schema so that the mark stands in one place.
pub fn live_fields() -> Vec<String> {
    let schema = schema();
    let properties = schema["properties"].as_object().expect("a struct's schema has properties");
    properties.iter().filter(|(_, field)| field["x-live"] == true).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;

    #[test]
    fn the_schema_carries_help_and_ranges() {
        let schema = schema();
        assert_eq!(schema["properties"]["batch"]["maximum"], 4096);
        assert!(schema["properties"]["batch"]["description"].as_str().is_some_and(|text| text.contains("Images per step")));
    }

    #[test]
    fn the_neutral_logit_of_each_objective_is_that_of_the_schema() {
        let schema = schema();
        let variants = schema["$defs"]["Objective"]["oneOf"].as_array().expect("variants");
        assert_eq!(variants.len(), 8);
        for variant in variants {
            let objective: Objective = serde_json::from_value(variant["const"].clone()).expect("a name of an objective");
            assert_eq!(variant["x-neutral"].as_f64(), objective.neutral(), "{objective:?}");
        }
    }
}
