//! Actions, compiled and done.

use sha2::{Digest, Sha256};
use slimcol_config::Problems;
use slimcol_pattern::{Regex, Size, compile};
use slimcol_pdata::{
    edit::AttributesMut,
    json::hex,
    view::{Attributes, Index, ValueRef},
};
use slimcol_service::{Client, Log};

use crate::{
    ActionConfig, Constant,
    convert::{Target, convert},
};

/// Actions that are done one after the other.
#[derive(Debug)]
pub struct Actions(Vec<Action>);

#[derive(Debug)]
struct Action {
    key: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Insert(Source),
    Update(Source),
    Upsert(Source),
    Delete(Option<Regex>),
    Hash(Option<Regex>),
    /// With the names of its groups.
    Extract(Regex, Vec<String>),
    Convert(Target),
}

/// Where a value comes from, and what it is where there is none.
#[derive(Debug)]
struct Source {
    from: From,
    default: Option<Constant>,
}

#[derive(Debug)]
enum From {
    Constant(Constant),
    Attribute(String),
    Metadata(String),
    Auth(String),
    Address,
    Nowhere,
}

/// A value that is borrowed from an attribute, or one made for the purpose.
enum Found<'a> {
    Borrowed(ValueRef<'a>),
    Made(String),
}

impl Found<'_> {
    fn view(&self) -> ValueRef<'_> {
        match self {
            Self::Borrowed(value) => *value,
            Self::Made(text) => ValueRef::Str(text),
        }
    }
}

impl Source {
    fn find<'a>(&'a self, attributes: Attributes<'a>, client: &Client) -> Option<Found<'a>> {
        let joined = |values: &[String]| (!values.is_empty()).then(|| Found::Made(values.join(";")));
        let found = match &self.from {
            From::Constant(value) => Some(Found::Borrowed(value.view())),
            From::Attribute(key) => attributes.get(key).map(Found::Borrowed),
            From::Metadata(name) => joined(client.metadata(name)),
            From::Auth(name) => client.attribute(name).map(|value| Found::Made(value.to_owned())),
            From::Address => {
                Some(Found::Made(client.addr().map_or_else(String::new, |addr| addr.ip().to_string())))
            }
            From::Nowhere => None,
        };
        found.or_else(|| self.default.as_ref().map(|value| Found::Borrowed(value.view())))
    }
}

fn matches(regex: &Regex, attributes: Attributes<'_>) -> bool {
    attributes.iter().any(|(key, _)| regex.is_match(key.as_bytes()))
}

impl Action {
    /// Whether it would change anything.
    fn changes(&self, attributes: Attributes<'_>, client: &Client) -> bool {
        let value = attributes.get(&self.key);
        match &self.what {
            What::Insert(source) => value.is_none() && source.find(attributes, client).is_some(),
            What::Update(source) => value.is_some() && source.find(attributes, client).is_some(),
            What::Upsert(source) => source.find(attributes, client).is_some(),
            What::Delete(regex) | What::Hash(regex) => {
                value.is_some() || regex.as_ref().is_some_and(|regex| matches(regex, attributes))
            }
            What::Extract(regex, _) => {
                value.and_then(ValueRef::as_str).is_some_and(|text| regex.is_match(text.as_bytes()))
            }
            What::Convert(target) => value.is_some_and(|value| !target.is(value)),
        }
    }

    /// Does it, where `index` is of the attributes. What nothing changes in is not opened.
    fn apply(&self, attributes: &mut AttributesMut<'_>, index: &mut Index, client: &Client, log: &Log) {
        let key = self.key.as_str();
        match &self.what {
            What::Insert(_) if attributes.get_at(index, key).is_some() => {}
            What::Update(_) if attributes.get_at(index, key).is_none() => {}
            What::Insert(Source { from: From::Constant(value), .. })
            | What::Update(Source { from: From::Constant(value), .. })
            | What::Upsert(Source { from: From::Constant(value), .. }) => {
                attributes.insert_at(index, key, value.view());
            }
            What::Insert(source) | What::Update(source) | What::Upsert(source) => {
                let found = source.find(attributes.view(), client).map(|found| Constant::copy(found.view()));
                if let Some(value) = found {
                    attributes.insert_at(index, key, value.view());
                }
            }
            What::Delete(regex) => {
                attributes.remove_at(index, key);
                if let Some(regex) = regex.as_ref().filter(|regex| matches(regex, attributes.view())) {
                    attributes.retain(|key, _| !regex.is_match(key.as_bytes()));
                    index.forget();
                }
            }
            What::Hash(regex) => {
                let mut digits = Vec::new();
                if let Some(value) = attributes.get_at(index, key) {
                    attributes.insert_at(index, key, hash(value, &mut digits));
                }
                if let Some(regex) = regex.as_ref().filter(|regex| matches(regex, attributes.view())) {
                    attributes.each(|mut attribute| {
                        if regex.is_match(attribute.key().as_bytes()) {
                            let hashed = hash(attribute.value(), &mut digits);
                            attribute.value_mut().set(hashed);
                        }
                    });
                    index.forget();
                }
            }
            What::Extract(regex, names) => {
                let Some(ValueRef::Str(text)) = attributes.get_at(index, key) else { return };
                let Some(captures) = regex.captures(text.as_bytes()) else { return };
                let groups: Vec<String> = (1..captures.len())
                    .map(|group| captures.get(group).map_or(&b""[..], |group| group.as_bytes()))
                    .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
                    .collect();
                for (name, group) in names.iter().zip(&groups) {
                    attributes.insert_at(index, name, group.as_str());
                }
            }
            What::Convert(target) => {
                let converted =
                    attributes.get_at(index, key).and_then(|value| convert(key, value, *target, log));
                if let Some(converted) = converted {
                    attributes.insert_at(index, key, converted.view());
                }
            }
        }
    }
}

/// Takes the SHA-256 of a value in hexadecimal digits, which are nothing for what has no bytes, as in Go. `digits` is used
/// for them.
fn hash<'d>(value: ValueRef<'_>, digits: &'d mut Vec<u8>) -> &'d str {
    let digest = match value {
        ValueRef::Str("") => return "",
        ValueRef::Str(text) => Sha256::digest(text),
        ValueRef::Bool(value) => Sha256::digest([u8::from(value)]),
        ValueRef::Int(value) => Sha256::digest(value.to_le_bytes()),
        ValueRef::Double(value) => Sha256::digest(value.to_bits().to_le_bytes()),
        _ => return "",
    };
    digits.clear();
    hex::encode(digits, &digest);
    // All digits are text; the default is for the type.
    str::from_utf8(digits).unwrap_or_default()
}

impl Actions {
    /// The actions as they are written; the error is Go's message.
    pub fn new(configs: &[ActionConfig]) -> Result<Self, String> {
        configs
            .iter()
            .enumerate()
            .map(|(index, config)| action(config, index))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Says what is wrong with the actions below `list`.
    pub fn validate(configs: &[ActionConfig], list: &str, problems: &mut Problems<'_>) {
        for (index, config) in configs.iter().enumerate() {
            if let Err(message) = action(config, index) {
                problems.add(&format!("{list}[{index}]"), message);
            }
        }
    }

    /// Whether an action would change these attributes: for who would have to open what they are in.
    pub fn change(&self, attributes: Attributes<'_>, client: &Client) -> bool {
        self.0.iter().any(|action| action.changes(attributes, client))
    }

    /// Does the actions. Attributes that none of them changes are not opened. `index` is for this and for the next
    /// attributes.
    pub fn apply(&self, attributes: &mut AttributesMut<'_>, index: &mut Index, client: &Client, log: &Log) {
        attributes.restart(index);
        for action in &self.0 {
            action.apply(attributes, index, client, log);
        }
    }
}

fn source(config: &ActionConfig) -> Source {
    let from = if let Some(value) = &config.value {
        From::Constant(value.clone())
    } else if !config.from_attribute.is_empty() {
        From::Attribute(config.from_attribute.clone())
    } else {
        match config.from_context.as_str() {
            "" => From::Nowhere,
            "client.address" => From::Address,
            name => match (name.strip_prefix("metadata."), name.strip_prefix("auth.")) {
                (Some(name), _) => From::Metadata(name.to_owned()),
                (_, Some(name)) => From::Auth(name.to_owned()),
                _ => From::Metadata(name.to_owned()),
            },
        }
    };
    Source { from, default: config.default_value.clone() }
}

fn action(config: &ActionConfig, index: usize) -> Result<Action, String> {
    let ActionConfig { key, pattern, converted_type, .. } = config;
    let name = config.action.to_lowercase();
    let missing = "error creating AttrProc due to missing required field";
    if matches!(name.as_str(), "delete" | "hash") {
        if key.is_empty() && pattern.is_empty() {
            return Err(format!(
                "{missing} (at least one of \"key\" and \"pattern\" have to be used) at the {index}-th actions"
            ));
        }
    } else if key.is_empty() {
        return Err(format!("{missing} \"key\" at the {index}-th actions"));
    }
    let sources = usize::from(config.value.is_some())
        + usize::from(!config.from_attribute.is_empty())
        + usize::from(!config.from_context.is_empty());
    let unused = |fields: &str, these: &str| {
        format!(
            "error creating AttrProc. Action \"{name}\" does not use {fields}. {these} must not be specified for \
             {index}-th action"
        )
    };
    let regex = || {
        compile(pattern, Size::Config).map_err(|_| {
            format!(
                "error creating AttrProc. Field \"pattern\" has invalid pattern: \"{pattern}\" to be set at the \
                 {index}-th actions"
            )
        })
    };
    let what = match name.as_str() {
        "insert" | "update" | "upsert" => {
            if sources == 0 && config.default_value.is_none() {
                return Err(format!(
                    "error creating AttrProc. Either field \"value\", \"from_attribute\" or \"from_context\" setting \
                     must be specified for {index}-th action"
                ));
            }
            if sources > 1 {
                return Err(format!(
                    "error creating AttrProc due to multiple value sources being set at the {index}-th actions"
                ));
            }
            if !pattern.is_empty() {
                return Err(unused("the \"pattern\" field", "This"));
            }
            if !converted_type.is_empty() {
                return Err(unused("the \"converted_type\" field", "This"));
            }
            let source = source(config);
            match name.as_str() {
                "insert" => What::Insert(source),
                "update" => What::Update(source),
                _ => What::Upsert(source),
            }
        }
        "delete" | "hash" => {
            if config.value.is_some() || !config.from_attribute.is_empty() {
                return Err(unused("\"value\" or \"from_attribute\" field", "These"));
            }
            let regex = if pattern.is_empty() { None } else { Some(regex()?) };
            if !converted_type.is_empty() {
                return Err(unused("the \"converted_type\" field", "This"));
            }
            if name == "delete" { What::Delete(regex) } else { What::Hash(regex) }
        }
        "extract" => {
            if sources > 0 {
                return Err(unused("a value source field", "These"));
            }
            if pattern.is_empty() {
                return Err(format!("{missing} \"pattern\" for action \"{name}\" at the {index}-th action"));
            }
            if !converted_type.is_empty() {
                return Err(unused("the \"converted_type\" field", "This"));
            }
            extract(regex()?, index)?
        }
        "convert" => {
            if sources > 0 || !pattern.is_empty() {
                return Err(unused("value sources or \"pattern\" field", "These"));
            }
            if converted_type.is_empty() {
                return Err(format!(
                    "{missing} \"converted_type\" for action \"{name}\" at the {index}-th action"
                ));
            }
            What::Convert(Target::of(converted_type).ok_or_else(|| {
                format!(
                    "error creating AttrProc due to invalid value \"{converted_type}\" in field \"converted_type\" for \
                     action \"{name}\" at the {index}-th action"
                )
            })?)
        }
        _ => {
            return Err(format!(
                "error creating AttrProc due to unsupported action {name:?} at the {index}-th actions"
            ));
        }
    };
    Ok(Action { key: key.clone(), what })
}

fn extract(regex: Regex, index: usize) -> Result<What, String> {
    let field = "error creating AttrProc. Field \"pattern\" contains";
    let names: Vec<Option<String>> =
        regex.capture_names().skip(1).map(|name| name.map(str::to_owned)).collect();
    if names.is_empty() {
        return Err(format!("{field} no named matcher groups at the {index}-th actions"));
    }
    let names: Option<Vec<String>> = names.into_iter().collect();
    let names = names
        .ok_or_else(|| format!("{field} at least one unnamed matcher group at the {index}-th actions"))?;
    Ok(What::Extract(regex, names))
}
