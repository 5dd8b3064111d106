//! The numbers that brokers say errors with.

use std::fmt;

/// An error's number in a broker's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub i16);

/// What a client does about an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Do {
    /// Somebody has to do something first.
    Fail,
    Retry,
    /// Ask who leads first.
    Refresh,
}

use Do::{Fail, Refresh, Retry};

/// Number, name, what to do, and the text that Kafka documents (shortened where it is long). What is not here is unknown to
/// producers and consumers.
const CODES: &[(i16, &str, Do, &str)] = &[
    (
        -1,
        "UNKNOWN_SERVER_ERROR",
        Fail,
        "The server experienced an unexpected error when processing the request.",
    ),
    (
        1,
        "OFFSET_OUT_OF_RANGE",
        Fail,
        "The requested offset is not within the range of offsets maintained by the server.",
    ),
    (
        2,
        "CORRUPT_MESSAGE",
        Retry,
        "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is otherwise corrupt.",
    ),
    (3, "UNKNOWN_TOPIC_OR_PARTITION", Refresh, "This server does not host this topic-partition."),
    (4, "INVALID_FETCH_SIZE", Fail, "The requested fetch size is invalid."),
    (
        5,
        "LEADER_NOT_AVAILABLE",
        Refresh,
        "There is no leader for this topic-partition as we are in the middle of a leadership election.",
    ),
    (6, "NOT_LEADER_FOR_PARTITION", Refresh, "This server is not the leader for that topic-partition."),
    (7, "REQUEST_TIMED_OUT", Retry, "The request timed out."),
    (8, "BROKER_NOT_AVAILABLE", Refresh, "The broker is not available."),
    (9, "REPLICA_NOT_AVAILABLE", Refresh, "The replica is not available for the requested topic-partition."),
    (
        10,
        "MESSAGE_TOO_LARGE",
        Fail,
        "The request included a message larger than the max message size the server will accept.",
    ),
    (13, "NETWORK_EXCEPTION", Refresh, "The server disconnected before a response was received."),
    (
        14,
        "COORDINATOR_LOAD_IN_PROGRESS",
        Retry,
        "The coordinator is loading and hence can't process requests.",
    ),
    (15, "COORDINATOR_NOT_AVAILABLE", Refresh, "The coordinator is not available."),
    (16, "NOT_COORDINATOR", Refresh, "This is not the correct coordinator."),
    (
        17,
        "INVALID_TOPIC_EXCEPTION",
        Fail,
        "The request attempted to perform an operation on an invalid topic.",
    ),
    (
        18,
        "RECORD_LIST_TOO_LARGE",
        Fail,
        "The request included message batch larger than the configured segment size on the server.",
    ),
    (
        19,
        "NOT_ENOUGH_REPLICAS",
        Retry,
        "Messages are rejected since there are fewer in-sync replicas than required.",
    ),
    (
        20,
        "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
        Retry,
        "Messages are written to the log, but to fewer in-sync replicas than required.",
    ),
    (21, "INVALID_REQUIRED_ACKS", Fail, "Produce request specified an invalid value for required acks."),
    (22, "ILLEGAL_GENERATION", Fail, "Specified group generation id is not valid."),
    (
        23,
        "INCONSISTENT_GROUP_PROTOCOL",
        Fail,
        "The group member's supported protocols are incompatible with those of existing members or first group member tried to join with empty protocol type or empty protocol list.",
    ),
    (24, "INVALID_GROUP_ID", Fail, "The configured groupId is invalid."),
    (25, "UNKNOWN_MEMBER_ID", Fail, "The coordinator is not aware of this member."),
    (
        26,
        "INVALID_SESSION_TIMEOUT",
        Fail,
        "The session timeout is not within the range allowed by the broker (as configured by group.min.session.timeout.ms and group.max.session.timeout.ms).",
    ),
    (27, "REBALANCE_IN_PROGRESS", Fail, "The group is rebalancing, so a rejoin is needed."),
    (28, "INVALID_COMMIT_OFFSET_SIZE", Fail, "The committing offset data size is not valid."),
    (
        29,
        "TOPIC_AUTHORIZATION_FAILED",
        Fail,
        "Not authorized to access topics: [Topic authorization failed.]",
    ),
    (30, "GROUP_AUTHORIZATION_FAILED", Fail, "Not authorized to access group: Group authorization failed."),
    (31, "CLUSTER_AUTHORIZATION_FAILED", Fail, "Cluster authorization failed."),
    (32, "INVALID_TIMESTAMP", Fail, "The timestamp of the message is out of acceptable range."),
    (33, "UNSUPPORTED_SASL_MECHANISM", Fail, "The broker does not support the requested SASL mechanism."),
    (34, "ILLEGAL_SASL_STATE", Fail, "Request is not valid given the current SASL state."),
    (35, "UNSUPPORTED_VERSION", Fail, "The version of API is not supported."),
    (
        42,
        "INVALID_REQUEST",
        Fail,
        "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker.",
    ),
    (
        43,
        "UNSUPPORTED_FOR_MESSAGE_FORMAT",
        Fail,
        "The message format version on the broker does not support the request.",
    ),
    (44, "POLICY_VIOLATION", Fail, "Request parameters do not satisfy the configured policy."),
    (56, "KAFKA_STORAGE_ERROR", Refresh, "Disk error when trying to access log file on the disk."),
    (58, "SASL_AUTHENTICATION_FAILED", Fail, "SASL Authentication failed."),
    (
        72,
        "LISTENER_NOT_FOUND",
        Refresh,
        "There is no listener on the leader broker that matches the listener on which metadata request was processed.",
    ),
    (
        74,
        "FENCED_LEADER_EPOCH",
        Refresh,
        "The leader epoch in the request is older than the epoch on the broker.",
    ),
    (
        75,
        "UNKNOWN_LEADER_EPOCH",
        Refresh,
        "The leader epoch in the request is newer than the epoch on the broker.",
    ),
    (
        76,
        "UNSUPPORTED_COMPRESSION_TYPE",
        Fail,
        "The requesting client does not support the compression type of given partition.",
    ),
    (
        78,
        "OFFSET_NOT_AVAILABLE",
        Retry,
        "The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed to be monotonically increasing.",
    ),
    (
        79,
        "MEMBER_ID_REQUIRED",
        Fail,
        "The group member needs to have a valid member id before actually entering a consumer group.",
    ),
    (80, "PREFERRED_LEADER_NOT_AVAILABLE", Refresh, "The preferred leader was not available."),
    (81, "GROUP_MAX_SIZE_REACHED", Fail, "The consumer group has reached its max size."),
    (
        82,
        "FENCED_INSTANCE_ID",
        Fail,
        "The broker rejected this static consumer since another consumer with the same group.instance.id has registered with a different member.id.",
    ),
    (
        87,
        "INVALID_RECORD",
        Fail,
        "This record has failed the validation on broker and hence will be rejected.",
    ),
    (88, "UNSTABLE_OFFSET_COMMIT", Retry, "There are unstable offsets that need to be cleared."),
    (89, "THROTTLING_QUOTA_EXCEEDED", Retry, "The throttling quota has been exceeded."),
];

impl Code {
    /// No such topic, or no such partition of it.
    pub const UNKNOWN_TOPIC_OR_PARTITION: Self = Self(3);
    /// The offset asked for is not there any more, or not yet.
    pub const OFFSET_OUT_OF_RANGE: Self = Self(1);
    pub(crate) const MESSAGE_TOO_LARGE: Self = Self(10);
    pub(crate) const ILLEGAL_GENERATION: Self = Self(22);
    pub(crate) const UNKNOWN_MEMBER_ID: Self = Self(25);
    pub(crate) const REBALANCE_IN_PROGRESS: Self = Self(27);
    pub(crate) const MEMBER_ID_REQUIRED: Self = Self(79);
    pub(crate) const FENCED_INSTANCE_ID: Self = Self(82);

    fn known(self) -> Option<&'static (i16, &'static str, Do, &'static str)> {
        CODES.iter().find(|(number, ..)| *number == self.0)
    }

    const fn what_to_do(self) -> Do {
        let mut at = 0;
        while at < CODES.len() {
            if CODES[at].0 == self.0 {
                return CODES[at].2;
            }
            at += 1;
        }
        Do::Fail
    }

    /// Whether the same request can succeed later.
    pub const fn is_retryable(self) -> bool {
        !matches!(self.what_to_do(), Fail)
    }

    /// Whether to ask who leads before the next attempt.
    pub(crate) const fn is_stale(self) -> bool {
        matches!(self.what_to_do(), Refresh)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some((_, name, _, text)) => write!(f, "{name}: {text}"),
            None => write!(f, "UNKNOWN_SERVER_ERROR: error {} of the broker", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_sorted_unique_and_named() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(CODES.iter().all(|(.., text)| text.ends_with(['.', ')', ']'])));
        assert_eq!(Code(5).to_string().split(':').next(), Some("LEADER_NOT_AVAILABLE"));
        assert_eq!(Code(999).to_string(), "UNKNOWN_SERVER_ERROR: error 999 of the broker");
        for (code, retry, stale) in
            [(3, true, true), (7, true, false), (10, false, false), (999, false, false)]
        {
            assert_eq!((Code(code).is_retryable(), Code(code).is_stale()), (retry, stale), "{code}");
        }
    }
}
