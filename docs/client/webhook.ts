/** The signed event at the end of a job, for a backend in Node.js 20 or later; needs no package. */
import { createHmac, timingSafeEqual } from "node:crypto";

export interface JobEnd {
  type: "job.succeeded" | "job.failed" | "job.cancelled";
  timestamp: string;
  data: {
    job: string;
    owner: string;
    /** Where the files are in the bucket, such as `jobs/talk-42`. */
    prefix: string;
    outcome: "complete" | "partial" | "empty" | "failed" | "cancelled";
    reason: string;
    manifest_sha256: string;
    clips: { id: string; title: string; files: string[] }[];
    failures: { task: string; exit_code: number; error: string; message: string }[];
  };
}

/**
 * The event in the body of a callback, if one of the secrets signed it less than five minutes ago.
 * Throws otherwise, and for a secret that is not `whsec_` and base64 of 24 to 64 bytes.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifyWebhook(
  secrets: string[],
  headers: Record<string, string | string[] | undefined>,
  body: string,
  nowSeconds = Date.now() / 1000,
): JobEnd {
  const keys = secrets.map(keyOf);
  const [id, time, given] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
  if (typeof id !== "string" || typeof time !== "string" || typeof given !== "string")
    throw new Error("the webhook is not signed");
  if (!(Math.abs(nowSeconds - Number(time)) <= 300)) throw new Error("the webhook is too old");
  for (const key of keys) {
    const wanted = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest();
    for (const signature of given.split(" ").filter((one) => one.startsWith("v1,"))) {
      const found = Buffer.from(signature.slice(3), "base64");
      if (found.length === wanted.length && timingSafeEqual(found, wanted))
        return JSON.parse(body) as JobEnd;
    }
  }
  throw new Error("the webhook has a wrong signature");
}

function keyOf(secret: string): Buffer {
  const text = secret.replace(/^whsec_/, "");
  const key = Buffer.from(text, "base64");
  if (key.toString("base64") !== text) throw new Error("a webhook secret is not base64");
  if (key.length < 24 || key.length > 64)
    throw new Error(`a webhook secret has 24 to 64 bytes, not ${key.length}`);
  return key;
}
