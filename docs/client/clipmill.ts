/** clipmill on Argo Workflows, for a backend in Node.js 20 or later. It needs no package. */
import { createHash } from "node:crypto";
import { type Job, type Workflow, jobOf } from "./job.js";

export { type Job, type State, jobOf } from "./job.js";
export { type Results, results } from "./results.js";
export { type JobEnd, verifyWebhook } from "./webhook.js";

/** An error answer of the Argo Server; `status` is the HTTP status. */
export class ArgoError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Another job has that id. */
export class OtherJob extends Error {}

export interface Place {
  server: string;
  namespace: string;
  /** Called for each request, since tokens expire. */
  token: () => string;
  template?: string;
}

interface Parameter {
  name: string;
  value?: string;
  enum?: string[];
  description?: string;
}

/** An error may follow the status 200. */
type LogEntry =
  | { result: { podName: string; content: string }; error?: never }
  | { result?: never; error: { http_code?: number; message: string } };

const APP = { "app.kubernetes.io/name": "clipmill" };
const HASH = "clipmill.dev/spec-hash";
const OWNER = "clipmill.dev/owner";
const STATUS = ["phase", "message", "progress"].map((name) => `status.${name}`);
const LISTED = ["metadata", "spec.shutdown", ...STATUS];
const WHOLE = ["metadata", "spec", ...STATUS, "status.nodes", "status.storedWorkflowTemplateSpec"];
const CALLBACK_LENGTH = 2000;
const BUSY = [429, 502, 503, 504];
const TRIES = 4;
const TIMEOUT_MS = 30_000;
/** Control characters, and unprintable ones above U+FFFF: Argo's quoting of them is not JSON. */
const SPOILED = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\p{Cs}|(?=[\u{10000}-\u{10ffff}])\p{C}/u;

export class Clipmill {
  constructor(private readonly place: Place) {}

  /** The job with this id: created now, or the same job if it exists; throws OtherJob. */
  async submit(id: string, values: Record<string, string>, title = id) {
    check(values, await this.parameters());
    const template = this.place.template ?? "clipmill";
    const hash = specHash(template, values);
    const labels = { ...APP, [HASH]: hash, ...(values.owner ? { [OWNER]: values.owner } : {}) };
    const annotations = { "workflows.argoproj.io/title": title };
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    const workflow = {
      metadata: { name: id, labels, annotations },
      spec: { workflowTemplateRef: { name: template }, arguments: { parameters } },
    };
    const there = async () => {
      const known = await this.workflow(id);
      if (known.metadata.labels?.[HASH] !== hash)
        throw new OtherJob(`${id} exists with other parameters`);
      return { created: false, job: jobOf(known) };
    };
    try {
      return await there(); // Argo would accept the name of a job that only its archive has
    } catch (error) {
      if (!(error instanceof ArgoError && error.status === 404)) throw error;
    }
    try {
      const made = await this.call<Workflow>("POST", this.jobs(), { workflow });
      return { created: true, job: jobOf(made) };
    } catch (error) {
      if (!(error instanceof ArgoError && error.status === 409)) throw error;
    }
    return there();
  }

  async status(id: string): Promise<Job> {
    return jobOf(await this.workflow(id));
  }

  /** The newest jobs, without stage and percent. */
  async list(owner = "", limit = 50): Promise<Job[]> {
    const labels = { ...APP, ...(owner ? { [OWNER]: owner } : {}) };
    const query = new URLSearchParams({
      "listOptions.labelSelector": Object.entries(labels).map((pair) => pair.join("=")).join(","),
      "listOptions.limit": String(limit),
      fields: LISTED.map((field) => `items.${field}`).join(","),
    });
    const found = await this.call<{ items: Workflow[] | null }>("GET", `${this.jobs()}?${query}`);
    return (found.items ?? []).map(jobOf);
  }

  /** Stops a job; its callback still gets the event. */
  async cancel(id: string): Promise<void> {
    await this.call("PUT", `${this.jobs(id)}/stop`, {});
  }

  /** Runs the failed tasks of a job again, except groups, so that finished clips are kept. */
  async retry(id: string): Promise<void> {
    const done = "phase!=Succeeded,phase!=Skipped,phase!=Omitted";
    const nodeFieldSelector = `${done},name!=${id},name!=${id}.render`;
    const body = { restartSuccessful: true, nodeFieldSelector };
    await this.call("PUT", `${this.jobs(id)}/retry`, body);
  }

  /** The lines of all pods that still exist. */
  async *logs(id: string): AsyncGenerator<{ pod: string; line: string }> {
    const answer = await this.fetch("GET", `${this.jobs(id)}/log?logOptions.container=main`);
    let rest = "";
    for await (const piece of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines.filter(Boolean)) {
        const { result, error } = JSON.parse(line) as LogEntry;
        if (error) throw new ArgoError(error.http_code ?? 500, error.message);
        yield { pod: result.podName, line: result.content };
      }
    }
  }

  /** The parameters of the template, with defaults and descriptions. */
  async parameters(): Promise<Parameter[]> {
    const { server, namespace, template = "clipmill" } = this.place;
    const url = `${server}/api/v1/workflow-templates/${namespace}/${template}`;
    const found = await this.call<{ spec: { arguments: { parameters: Parameter[] } } }>("GET", url);
    return found.spec.arguments.parameters;
  }

  private workflow(id: string): Promise<Workflow> {
    return this.call("GET", `${this.jobs(id)}?fields=${WHOLE}`);
  }

  private jobs(id?: string): string {
    const jobs = `${this.place.server}/api/v1/workflows/${this.place.namespace}`;
    return id === undefined ? jobs : `${jobs}/${encodeURIComponent(id)}`;
  }

  private async call<T>(method: string, url: string, body?: unknown): Promise<T> {
    return (await (await this.fetch(method, url, body)).json()) as T;
  }

  /** A submission may be sent again: the second conflicts with the first and finds the same job. */
  private async fetch(method: string, url: string, body?: unknown): Promise<Response> {
    for (let tried = 1; ; tried++) {
      const again = tried < TRIES && method !== "PUT";
      try {
        const answer = await fetch(url, {
          method,
          headers: { Authorization: `Bearer ${this.place.token()}` },
          body: body === undefined ? null : JSON.stringify(body),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (answer.ok) return answer;
        const said = await answer.text();
        if (!again || !BUSY.includes(answer.status)) throw new ArgoError(answer.status, said);
      } catch (error) {
        if (error instanceof ArgoError || !again) throw error;
      }
      await new Promise((done) => setTimeout(done, 250 * 2 ** tried));
    }
  }
}

/** The identity of a submission; `clipmill submit` computes the same. */
export function specHash(template: string, values: Record<string, string>): string {
  const sorted = Object.fromEntries(Object.keys(values).sort().map((name) => [name, values[name]]));
  const canonical = JSON.stringify([template, sorted]);
  return createHash("sha256").update(canonical).digest("hex").slice(0, 32);
}

/** Refuses unknown parameters and values, which Argo would silently accept. */
function check(values: Record<string, string>, known: Parameter[]): void {
  for (const [name, value] of Object.entries(values)) {
    const parameter = known.find((one) => one.name === name);
    if (!parameter) throw new Error(`no parameter is called ${name}`);
    if (value.includes("{{")) throw new Error(`${name} holds {{, which Argo would replace`);
    if (SPOILED.test(value)) throw new Error(`${name} holds a character that Argo cannot pass on`);
    if (parameter.enum && !parameter.enum.includes(value))
      throw new Error(`${name} is one of ${parameter.enum.join(", ")}, not ${value}`);
  }
  if (values.callback && !isCallback(values.callback))
    throw new Error(`callback is not an http(s) URL of at most ${CALLBACK_LENGTH} characters`);
}

function isCallback(text: string): boolean {
  const plain = /^https?:\/\/[^/?#]/i.test(text) && !/[\s\p{C}]/u.test(text);
  return plain && text.length <= CALLBACK_LENGTH && URL.canParse(text);
}
