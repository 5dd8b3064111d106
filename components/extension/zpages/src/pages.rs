//! What is on the pages.

mod component;
mod service;
mod traces;

use slimcol_net::http::server::HttpRequest;
use slimcol_service::{Context, Kind, Member, RunningPipeline};

pub(crate) use self::{component::shown as labels, service::service, traces::traces};
use crate::{
    html::{Html, query},
    site::{EXTENSIONS, PIPELINES},
};

/// `/debug/pipelinez`: the pipelines, and of a component that is asked for how it is and what was measured.
pub(crate) fn pipelines(cx: &Context, request: &HttpRequest) -> Html {
    let pipelines = cx.pipelines();
    let rows = pipelines.iter().map(|pipeline| {
        let members = |members: &[Member]| {
            Html::list(members.iter().map(|member| link(cx, pipeline, member)).collect())
        };
        vec![
            Html::text(&pipeline.id),
            Html::text(pipeline.signal),
            Html::text(pipeline.mutates),
            members(&pipeline.receivers),
            members(&pipeline.processors),
            members(&pipeline.exporters),
        ]
    });
    let columns = ["FullName", "InputType", "MutatesData", "Receivers", "Processors", "Exporters"];
    let table = Html::table(&columns, rows.collect());
    // Go's names.
    let [pipeline, id, kind] =
        ["pipelinenamez", "componentnamez", "componentkindz"].map(|name| request.query(name));
    let (Some(pipeline), Some(id), Some(kind)) = (pipeline, id, kind) else { return table };
    let members = pipelines
        .iter()
        .filter(|it| it.id == pipeline)
        .flat_map(|it| it.receivers.iter().chain(&it.processors).chain(&it.exporters));
    match members.into_iter().find(|member| member.id == id && member.kind.as_str() == kind) {
        None => table.and(&Html::paragraph("There is no such component.")),
        Some(Member { id, kind }) => {
            let name = if *kind == Kind::Processor { format!("{pipeline}/{id}") } else { id.clone() };
            let heading = Html::heading(format_args!("{}: {name}", kind.as_str()));
            table.and(&heading).and(&component::all(cx, *kind, id))
        }
    }
}

/// A component, with the way to more of it, and how it is unless it is well.
fn link(cx: &Context, pipeline: &RunningPipeline, member: &Member) -> Html {
    let Member { id, kind } = member;
    let to = format!(
        "{PIPELINES}?pipelinenamez={}&componentnamez={}&componentkindz={}",
        query(&pipeline.id),
        query(id),
        kind.as_str()
    );
    let connector = if *kind == Kind::Connector { " (connector)" } else { "" };
    Html::link(&to, format_args!("{id}{connector}")).and(&component::complaint(cx, *kind, id))
}

/// `/debug/extensionz`: the extensions, and of one that is asked for what was measured.
pub(crate) fn extensions(cx: &Context, request: &HttpRequest) -> Html {
    let extensions = cx.extensions();
    let row = |id: &String| {
        let to = format!("{EXTENSIONS}?extensionnamez={}", query(id));
        vec![Html::link(&to, id), Html::text(true), component::health(cx, Kind::Extension, id)]
    };
    let table = Html::table(&["FullName", "Enabled", "Status"], extensions.iter().map(row).collect());
    match request.query("extensionnamez").filter(|id| extensions.contains(id)) {
        None => table,
        Some(id) => {
            let heading = Html::heading(format_args!("extension: {id}"));
            table.and(&heading).and(&component::all(cx, Kind::Extension, &id))
        }
    }
}

/// `/debug/featurez`: the feature gates.
pub(crate) fn features(cx: &Context) -> Html {
    let rows = cx.gates().into_iter().map(|gate| {
        vec![
            Html::text(gate.id),
            if gate.enabled { Html::badge("ok", true) } else { Html::text(false) },
            Html::text(gate.description),
            Html::text(gate.stage),
            Html::text(gate.from_version),
        ]
    });
    Html::table(&["ID", "Enabled", "Description", "Stage", "FromVersion"], rows.collect())
}
