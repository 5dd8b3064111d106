//! What the scraper `nfs` measures (Go's `nfsscraper/metadata.yaml`).

use slimcol_scraper::{Attribute, MetricInfo};

pub(super) const CLIENT_NET: usize = 0;
pub(super) const CLIENT_CONNECTIONS: usize = 1;
pub(super) const CLIENT_OPERATIONS: usize = 2;
pub(super) const CLIENT_PROCEDURES: usize = 3;
pub(super) const CLIENT_AUTHREFRESH: usize = 4;
pub(super) const CLIENT_RPC: usize = 5;
pub(super) const CLIENT_RETRANSMIT: usize = 6;
pub(super) const SERVER_STALE: usize = 7;
pub(super) const SERVER_IO: usize = 8;
pub(super) const SERVER_NET: usize = 9;
pub(super) const SERVER_CONNECTIONS: usize = 10;
pub(super) const SERVER_OPERATIONS: usize = 11;
pub(super) const SERVER_PROCEDURES: usize = 12;
pub(super) const SERVER_REPCACHE: usize = 13;
pub(super) const SERVER_RPC: usize = 14;
pub(super) const SERVER_THREADS: usize = 15;

const BY_TRANSPORT: &[Attribute] = &[Attribute::new("network.transport")];
const BY_OPERATION: &[Attribute] = &[Attribute::new("onc_rpc.version"), Attribute::new("nfs.operation.name")];
const BY_PROCEDURE: &[Attribute] =
    &[Attribute::new("onc_rpc.version"), Attribute::new("onc_rpc.procedure.name")];

pub(super) static TABLE: [MetricInfo; 16] = [
    MetricInfo::counter(
        "nfs.client.net.count",
        "{record}",
        "Reports the count of kernel NFS client TCP segments and UDP datagrams handled.",
        BY_TRANSPORT,
    ),
    MetricInfo::counter(
        "nfs.client.net.tcp.connection.accepted",
        "{connection}",
        "Reports the count of kernel NFS client TCP connections accepted",
        &[],
    ),
    MetricInfo::counter(
        "nfs.client.operation.count",
        "{operation}",
        "Reports the count of kernel NFSv4+ client operations",
        BY_OPERATION,
    ),
    MetricInfo::counter(
        "nfs.client.procedure.count",
        "{procedure}",
        "Reports the count of kernel NFS client procedures",
        BY_PROCEDURE,
    ),
    MetricInfo::counter(
        "nfs.client.rpc.authrefresh.count",
        "{authrefresh}",
        "Reports the count of kernel NFS client RPC authentication refreshes",
        &[],
    ),
    MetricInfo::counter(
        "nfs.client.rpc.count",
        "{request}",
        "Reports the count of kernel NFS client RPCs sent, regardless of whether they're \
         accepted/rejected by the server.",
        &[],
    ),
    MetricInfo::counter(
        "nfs.client.rpc.retransmit.count",
        "{retransmit}",
        "Reports the count of kernel NFS client RPC retransmits",
        &[],
    ),
    MetricInfo::counter(
        "nfs.server.fh.stale.count",
        "{fh}",
        "Reports the cumulative count of kernel NFS server stale file handles.",
        &[],
    ),
    MetricInfo::counter(
        "nfs.server.io",
        "By",
        "Reports the count of kernel NFS server bytes returned to receive and transmit (read and \
         write) requests.",
        &[Attribute::new("network.io.direction")],
    ),
    MetricInfo::counter(
        "nfs.server.net.count",
        "{request}",
        "Reports the count of kernel NFS server TCP segments and UDP datagrams handled.",
        BY_TRANSPORT,
    ),
    MetricInfo::counter(
        "nfs.server.net.tcp.connection.accepted",
        "{connection}",
        "Reports the count of kernel NFS server TCP connections accepted",
        &[],
    ),
    MetricInfo::counter(
        "nfs.server.operation.count",
        "{operation}",
        "Reports the count of kernel NFSv4+ server operations",
        BY_OPERATION,
    ),
    MetricInfo::counter(
        "nfs.server.procedure.count",
        "{procedure}",
        "Reports the count of kernel NFS server procedures",
        BY_PROCEDURE,
    ),
    MetricInfo::counter(
        "nfs.server.repcache.requests",
        "{request}",
        "Reports the kernel NFS server reply cache request count by cache hit status.",
        &[Attribute::new("nfs.server.repcache.status")],
    ),
    MetricInfo::counter(
        "nfs.server.rpc.count",
        "{request}",
        "Reports the count of kernel NFS server RPCs handled.",
        &[Attribute::new("error.type")],
    ),
    MetricInfo::up_down(
        "nfs.server.thread.count",
        "{thread}",
        "Reports the count of kernel NFS server available threads",
        &[],
    ),
];
