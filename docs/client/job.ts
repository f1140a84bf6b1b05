/** The state of a job, read from its Argo workflow. */

export type State = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface Job {
  id: string;
  state: State;
  /** The steps that run now. */
  stage: string;
  /** 0 to 100, over all tasks of the job. */
  percent: number;
  /** Why it waits or why it failed. */
  message: string;
  /** Of the failed step: 75 is transient, 80 and above fails again. */
  exitCode: number | null;
}

interface Node {
  name: string;
  displayName: string;
  type: string;
  phase: string;
  templateName?: string;
  message?: string;
  progress?: string;
  startedAt: string | null;
  finishedAt: string | null;
  nodeFlag?: { retried?: boolean };
}
interface Spec {
  entrypoint?: string;
  shutdown?: string;
  templates?: { name: string; dag?: { tasks: { name: string }[] } }[];
}
export interface Workflow {
  metadata: { name: string; labels?: Record<string, string> };
  spec: Spec;
  status?: {
    phase?: string;
    message?: string;
    progress?: string;
    nodes?: Record<string, Node>;
    storedWorkflowTemplateSpec?: Spec;
  };
}

/** The state of a workflow's job. */
export function jobOf(workflow: Workflow): Job {
  const { name: id } = workflow.metadata;
  const { phase = "", message = "", progress } = workflow.status ?? {};
  const nodes = Object.values(workflow.status?.nodes ?? {}).sort(byStart);
  const pods = nodes.filter((node) => node.type === "Pod");
  const stopped = Boolean(workflow.spec.shutdown);
  const state = stateOf(phase, stopped, thousandths(progress) > 0);
  const job: Job = { id, state, stage: "", percent: 0, message, exitCode: null };
  job.percent = state === "SUCCEEDED" ? 100 : percentOf(workflow, nodes, pods);
  if (state === "RUNNING") {
    const now = pods.filter((pod) => ["Pending", "Running"].includes(pod.phase));
    job.stage = [...new Set(now.map((pod) => pod.templateName))].join(", ");
  }
  if (state === "FAILED") Object.assign(job, reasonOf(id, nodes, pods));
  if (state === "CANCELLED") job.message = "stopped on request";
  if (stopped && (state === "QUEUED" || state === "RUNNING")) job.message = "is being cancelled";
  return job;
}

/**
 * The task that failed for good and ended the job: the last one, by its last try.
 * The exit hook counts only when nothing else failed.
 */
function reasonOf(id: string, nodes: Node[], pods: Node[]): Partial<Job> {
  const byHook = nodes.some((node) => node.name === id && node.phase === "Succeeded");
  const whole = nodes
    .filter((node) => ["Failed", "Error"].includes(node.phase))
    .filter((node) => node.type === "Retry" || (node.type === "Pod" && !node.nodeFlag?.retried))
    .filter((node) => node.name.startsWith(`${id}.onExit`) === byHook)
    .sort((a, b) => compare(a.finishedAt ?? "", b.finishedAt ?? ""))
    .at(-1);
  const last = pods.filter((pod) => withoutTry(pod.name) === whole?.name).at(-1) ?? whole;
  if (!last) return {};
  const said = last.message ?? "no reason is known";
  const own = /^(?:main: )?Error \(exit code \d+\): (.+)$/s.exec(said);
  const code = /\(exit code (\d+)\)/.exec(said);
  const task = withoutTry(last.displayName).replace(/\(\d+:([^()]+)\)/, "-$1");
  return { message: `${task}: ${own?.[1] ?? said}`, exitCode: code ? Number(code[1]) : null };
}

/** Whether it was terminated while it waited; Argo reports that as a success. */
function stateOf(phase: string, stopped: boolean, begun: boolean): State {
  if (phase === "Succeeded") return stopped && !begun ? "CANCELLED" : "SUCCEEDED";
  if (phase === "Failed" || phase === "Error") return stopped ? "CANCELLED" : "FAILED";
  return phase === "Running" ? "RUNNING" : "QUEUED";
}

/** Every task has the same weight; a running one counts in part. */
function percentOf(workflow: Workflow, nodes: Node[], pods: Node[]): number {
  const spec = workflow.status?.storedWorkflowTemplateSpec;
  const main = spec?.templates?.find((template) => template.name === spec.entrypoint);
  const tasks = main?.dag?.tasks ?? [];
  const shares = tasks.map((task): number => {
    const path = `${workflow.metadata.name}.${task.name}`;
    const whole = nodes.find((node) => node.name === path);
    if (whole && ["Succeeded", "Skipped"].includes(whole.phase)) return 1000;
    const tries = pods.filter((pod) => pod.name.startsWith(`${path}(`));
    const last = new Map(tries.map((pod) => [withoutTry(pod.name), progressOf(pod)]));
    return mean([...last.values()]);
  });
  return Math.floor((sum(shares) * 100) / (1000 * Math.max(1, shares.length)));
}

const progressOf = (pod: Node) => (pod.phase === "Succeeded" ? 1000 : thousandths(pod.progress));

/** Argo's `N/M` in thousandths. */
function thousandths(progress = ""): number {
  const [done, total] = progress.split("/").map(Number);
  return done && total ? Math.floor((1000 * done) / total) : 0;
}

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
const mean = (numbers: number[]) => Math.floor(sum(numbers) / Math.max(1, numbers.length));
const withoutTry = (name: string) => name.replace(/\(\d+\)$/, "");
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const byStart = (a: Node, b: Node) =>
  compare(a.startedAt ?? "", b.startedAt ?? "") || compare(a.name, b.name);
