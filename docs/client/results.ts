/** The files of a finished job, from its manifest in the bucket; for Node.js 20 or later. */

export interface Results {
  outcome: "complete" | "partial" | "empty";
  /** Why the outcome is not complete; else empty. */
  reason: string;
  /** The clips, each with the URLs of its files by their paths. */
  clips: { id: string; title: string; files: Record<string, string> }[];
  missing: { id: string; why: string }[];
}

interface Manifest {
  outcome: Results["outcome"];
  reason: string;
  clips: { id: string; title: string; files: string[] }[];
  missing: { id: string; failure: { message: string } }[];
}

const TIMEOUT_MS = 30_000;
/** A missing key; 403 when the reader may not list the bucket. */
const ABSENT = [404, 403];

/**
 * The results of a job; null while it has no manifest, so is not done.
 * `base` is a readable URL of the bucket, such as a CDN's; `prefix` is the job's parameter.
 */
export async function results(base: string, id: string, prefix = "jobs"): Promise<Results | null> {
  const address = (path: string) => {
    const names = [...prefix.split("/"), id, ...path.split("/")];
    return [base.replace(/\/+$/, ""), ...names.map(encodeURIComponent)].join("/");
  };
  const url = address("manifest.json");
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (ABSENT.includes(answer.status)) return null;
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const { outcome, reason, clips, missing } = (await answer.json()) as Manifest;
  return {
    outcome,
    reason,
    clips: clips.map(({ id, title, files }) => ({
      id,
      title,
      files: Object.fromEntries(files.map((path) => [path, address(path)])),
    })),
    missing: missing.map(({ id, failure }) => ({ id, why: failure.message })),
  };
}
