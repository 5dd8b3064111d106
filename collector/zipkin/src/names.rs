//! The names of tags that mean something, and of those that are a resource's.

/// What stands where a resource has no name.
pub(crate) const NO_SERVICE: &str = "OTLPResourceNoServiceName";

pub(crate) const SERVICE_NAME: &str = "service.name";
/// Which attribute the service's name was, where it was not `service.name`.
pub(crate) const SERVICE_SOURCE: &str = "otlp.service.name.source";
/// Set where a span came without a start.
pub(crate) const NO_START: &str = "otel.zipkin.absentField.startTime";

pub(crate) const ERROR: &str = "error";
pub(crate) const SPAN_KIND: &str = "span.kind";
pub(crate) const STATUS_CODE: &str = "otel.status_code";
pub(crate) const STATUS_DESCRIPTION: &str = "otel.status_description";
pub(crate) const TRACE_STATE: &str = "w3c.tracestate";

pub(crate) const LIBRARY_NAME: &str = "otel.library.name";
pub(crate) const LIBRARY_VERSION: &str = "otel.library.version";
pub(crate) const SCOPE_NAME: &str = "otel.scope.name";
pub(crate) const SCOPE_VERSION: &str = "otel.scope.version";

pub(crate) const HTTP_STATUS: &str = "http.status_code";
pub(crate) const HTTP_RESPONSE_STATUS: &str = "http.response.status_code";
pub(crate) const CLOUD_RESOURCE: &str = "cloud.resource_id";
pub(crate) const FAAS_ID: &str = "faas.id";

pub(crate) const LOCAL_ADDRESS: &str = "network.local.address";
pub(crate) const LOCAL_PORT: &str = "net.host.port";
pub(crate) const PEER_ADDRESS: &str = "network.peer.address";
pub(crate) const PEER_PORT: &str = "net.peer.port";
pub(crate) const PEER_NAME: &str = "service.peer.name";
pub(crate) const PEER_SERVICE: &str = "peer.service";

/// Where a service's name is looked for when there is no `service.name`, in order.
pub(crate) const OTHER_SERVICE_NAMES: [&str; 3] =
    ["faas.name", "k8s.deployment.name", "process.executable.name"];

/// Whether a tag is a scope's name or version.
pub(crate) fn is_of_scope(name: &str) -> bool {
    matches!(name, LIBRARY_NAME | LIBRARY_VERSION | SCOPE_NAME | SCOPE_VERSION)
}

/// Whether a tag is a resource's attribute and never a span's.
pub(crate) fn is_of_resource(name: &str) -> bool {
    OF_RESOURCES.binary_search(&name).is_ok()
}

/// In order.
const OF_RESOURCES: [&str; 88] = [
    "aws.ecs.cluster.arn",
    "aws.ecs.container.arn",
    "aws.ecs.launchtype",
    "aws.ecs.task.arn",
    "aws.ecs.task.family",
    "aws.ecs.task.revision",
    "aws.eks.cluster.arn",
    "aws.log.group.arns",
    "aws.log.group.names",
    "aws.log.stream.arns",
    "aws.log.stream.names",
    "cloud.account.id",
    "cloud.availability_zone",
    "cloud.platform",
    "cloud.provider",
    "cloud.region",
    "cloud.resource_id",
    "container.id",
    "container.image.name",
    "container.image.tag",
    "container.name",
    "container.runtime",
    "deployment.environment",
    "device.id",
    "device.manufacturer",
    "device.model.identifier",
    "device.model.name",
    "faas.id",
    "faas.instance",
    "faas.max_memory",
    "faas.name",
    "faas.version",
    "host.arch",
    "host.id",
    "host.image.id",
    "host.image.name",
    "host.image.version",
    "host.name",
    "host.type",
    "k8s.cluster.name",
    "k8s.container.name",
    "k8s.container.restart_count",
    "k8s.cronjob.name",
    "k8s.cronjob.uid",
    "k8s.daemonset.name",
    "k8s.daemonset.uid",
    "k8s.deployment.name",
    "k8s.deployment.uid",
    "k8s.job.name",
    "k8s.job.uid",
    "k8s.namespace.name",
    "k8s.node.name",
    "k8s.node.uid",
    "k8s.pod.name",
    "k8s.pod.uid",
    "k8s.replicaset.name",
    "k8s.replicaset.uid",
    "k8s.statefulset.name",
    "k8s.statefulset.uid",
    "opencensus.exporterversion",
    "opencensus.resourcetype",
    "opencensus.starttime",
    "os.description",
    "os.name",
    "os.type",
    "os.version",
    "otlp.service.name.source",
    "process.command",
    "process.command_args",
    "process.command_line",
    "process.executable.name",
    "process.executable.path",
    "process.owner",
    "process.pid",
    "process.runtime.description",
    "process.runtime.name",
    "process.runtime.version",
    "service.instance.id",
    "service.name",
    "service.namespace",
    "service.version",
    "telemetry.auto.version",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
    "webengine.description",
    "webengine.name",
    "webengine.version",
];

#[cfg(test)]
mod tests {
    use super::OF_RESOURCES;

    #[test]
    fn the_list_is_in_order() {
        assert!(OF_RESOURCES.is_sorted());
    }
}
