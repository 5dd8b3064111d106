//! The commands and their flags, as a table: what is parsed, helped with and completed follows from it.

/// What a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sub {
    Root,
    Completion,
    Components,
    Featuregate,
    Graph,
    Healthcheck,
    Help,
    PrintConfig,
    Schema,
    Validate,
}

/// A command.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) sub: Sub,
    pub(super) name: &'static str,
    /// What stands behind its name in its usage.
    pub(super) operands: &'static str,
    pub(super) short: &'static str,
    /// Instead of `short` where help is asked for it.
    pub(super) long: &'static str,
    pub(super) flags: &'static [Flag],
    /// How many words it takes.
    pub(super) most: usize,
}

/// A flag: its name, what follows it (nothing for a switch), and what it is for.
#[derive(Debug)]
pub(super) struct Flag(pub(super) &'static str, pub(super) &'static str, pub(super) &'static str);

const CONFIG: Flag = Flag(
    "config",
    "location",
    "Location of a configuration: a file or scheme:location; repeatable, merged from left to right",
);
const GATES: Flag =
    Flag("feature-gates", "flag", "Comma-delimited list of feature gates; '-' before one switches it off");
const SET: Flag = Flag(
    "set",
    "value",
    "Set one key, e.g. --set=processors.batch.timeout=2s; repeatable, stronger than any --config",
);
const TIMEOUT: Flag = Flag(
    "shutdown-timeout",
    "duration",
    "How long a shutdown may take, e.g. 25s, before what still runs is cut off; without it as long as it takes",
);
const SOURCES: &[Flag] = &[CONFIG, GATES, SET];

const fn plain(sub: Sub, name: &'static str, short: &'static str) -> Entry {
    Entry { sub, name, operands: " [flags]", short, long: "", flags: &[], most: 0 }
}

/// The collector itself.
pub(super) static ROOT: Entry = Entry { flags: &[CONFIG, GATES, SET, TIMEOUT], ..plain(Sub::Root, "", "") };

/// All commands, by name.
pub(super) static COMMANDS: [Entry; 9] = [
    Entry {
        operands: " [bash|fish|powershell|zsh]",
        most: 1,
        flags: &[Flag("no-descriptions", "", "disable completion descriptions")],
        ..plain(Sub::Completion, "completion", "Generate the autocompletion script for the specified shell")
    },
    Entry {
        long: "Outputs available components in this collector distribution including their stability levels. The output \
               format is not stable and can change between releases.",
        ..plain(Sub::Components, "components", "Outputs available components in this collector distribution")
    },
    Entry {
        operands: " [feature-id] [flags]",
        long: "Display information about available feature gates and their status",
        most: 1,
        ..plain(Sub::Featuregate, "featuregate", "Display feature gates information")
    },
    Entry {
        flags: &[CONFIG, GATES, Flag("format", "string", "Output format: mermaid (default), svg"), SET],
        ..plain(Sub::Graph, "graph", "Draws the pipelines of a configuration")
    },
    Entry {
        long: "Asks a running collector's health_check extension, and exits with 0 if it is healthy, else with 1. Without \
               flags that is the collector that runs beside it.",
        flags: &[
            CONFIG,
            Flag("endpoint", "url", "Where to ask, such as http://localhost:13133/"),
            GATES,
            SET,
        ],
        ..plain(Sub::Healthcheck, "healthcheck", "Asks a running collector's health_check extension")
    },
    Entry {
        operands: " [command] [flags]",
        long: "Help provides help for any command in the application.",
        most: usize::MAX,
        ..plain(Sub::Help, "help", "Help about any command")
    },
    Entry {
        long: "Prints the configuration as it is understood, with everything that is left to its default.",
        flags: &[
            CONFIG,
            GATES,
            Flag("format", "string", "Output format: yaml (default), json"),
            Flag("mode", "string", "Operating mode: redacted (default), unredacted"),
            SET,
            Flag("validate", "", "Whether the configuration must be valid (default true)"),
        ],
        ..plain(
            Sub::PrintConfig,
            "print-config",
            "Prints the Collector's configuration in the specified mode",
        )
    },
    plain(Sub::Schema, "schema", "Prints a JSON Schema of the configurations that this collector takes"),
    Entry {
        flags: SOURCES,
        ..plain(Sub::Validate, "validate", "Validates the config without running the collector")
    },
];

/// The older name of a command.
const INITIAL: &str = "print-initial-config";

impl Entry {
    /// The command that users call `word`.
    pub(super) fn named(word: &str) -> Option<&'static Self> {
        let word = if word == INITIAL { "print-config" } else { word };
        COMMANDS.iter().find(|command| command.name == word)
    }

    /// The flag that users call `name`.
    pub(super) fn flag(&self, name: &str) -> Option<&'static Flag> {
        self.flags.iter().find(|flag| flag.0 == name)
    }
}
