//! Usage texts, in cobra's layout.

/// What help is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Root,
    Components,
    Healthcheck,
    Help,
    Validate,
}

impl Topic {
    /// The topic that a subcommand's name stands for.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "components" => Some(Self::Components),
            "healthcheck" => Some(Self::Healthcheck),
            "help" => Some(Self::Help),
            "validate" => Some(Self::Validate),
            _ => None,
        }
    }
}

const CONFIG: &str = "\
      --config location       Location of a configuration: a file or scheme:location; repeatable, merged from left to right
      --feature-gates flag    Comma-delimited list of feature gates; '-' before one switches it off
";
const SET: &str = "      --set value             \
Set one key, e.g. --set=processors.batch.timeout=2s; repeatable, stronger than any --config\n";
/// What help says besides when there is a configuration in the binary.
pub(super) const BUILT_IN: &str = "\nWithout --config the configuration that is built in applies.\n";
const ENDPOINT: &str = "      --endpoint url          Where to ask, such as http://localhost:13133/\n";
const HELP: &str = "  -h, --help                  help for ";

/// The usage text of `topic` for the program `name`.
pub(super) fn text(name: &str, topic: Topic) -> String {
    match topic {
        Topic::Root => format!(
            "Usage:\n  {name} [flags]\n  {name} [command]\n\n\
             Available Commands:\n  \
             components  Outputs available components in this collector distribution\n  \
             healthcheck Asks a running collector's health_check extension\n  \
             help        Help about any command\n  \
             validate    Validates the config without running the collector\n\n\
             Flags:\n{CONFIG}{HELP}{name}\n{SET}  -v, --version               version for {name}\n\n\
             Use \"{name} [command] --help\" for more information about a command.\n"
        ),
        Topic::Components => format!(
            "Outputs available components in this collector distribution including their stability levels. \
             The output format is not stable and can change between releases.\n\n\
             Usage:\n  {name} components [flags]\n\nFlags:\n  -h, --help   help for components\n"
        ),
        Topic::Healthcheck => format!(
            "Asks a running collector's health_check extension, and exits with 0 if it is healthy, else with 1. \
             Without flags that is the collector that runs beside it.\n\n\
             Usage:\n  {name} healthcheck [flags]\n\nFlags:\n{CONFIG}{ENDPOINT}{HELP}healthcheck\n{SET}"
        ),
        Topic::Help => format!(
            "Help provides help for any command in the application.\n\
             Simply type {name} help [path to command] for full details.\n\n\
             Usage:\n  {name} help [command] [flags]\n\nFlags:\n  -h, --help   help for help\n"
        ),
        Topic::Validate => format!(
            "Validates the config without running the collector\n\n\
             Usage:\n  {name} validate [flags]\n\nFlags:\n{CONFIG}{HELP}validate\n{SET}"
        ),
    }
}
