import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { Note, Notes } from "@sluice/engine/ports/notes.ts";
import { isNamed, readObject } from "./read-object.ts";

export type S3NotesOptions = {
  readonly client: S3Client;
  readonly bucket: string;
  /** A text that nobody else makes, and that is never made again. */
  readonly unique: () => string;
};

/** Which Receiver a path belongs to is known for as long as somebody renews it; all other notes lie below a prefix of their own, and go after some days. */
const OWN_PREFIX = /^receivers\//;

/**
 * Notes as objects, written on conditions that S3 checks. Each begins with a line that no other write has: S3 tells versions apart by their bytes, and two
 * writers of the same text would both have written it; and by that line a write whose answer was lost is known again as one's own.
 */
export function createS3Notes({ client, bucket, unique }: S3NotesOptions): Notes {
  async function read(key: string): Promise<Marked | undefined> {
    const found = await readObject(client, bucket, keyOf(key));
    if (found === undefined) return undefined;
    const { bytes, etag: version, modifiedAt } = found;
    if (version === undefined || modifiedAt === undefined) throw new Error(`s3://${bucket}/${keyOf(key)}: S3 says neither version nor time`);
    const [mark = "", ...lines] = Buffer.from(bytes).toString("utf8").split("\n");
    return { mark, note: { text: lines.join("\n"), version, at: epochMs(modifiedAt.getTime()) } };
  }

  async function write(key: string, text: string, over: Note | undefined): Promise<WriteEnd> {
    const mark = unique();
    const content = { Bucket: bucket, Key: keyOf(key), Body: `${mark}\n${text}`, ContentType: "text/plain; charset=utf-8" };
    try {
      await client.send(new PutObjectCommand({ ...content, ...(over === undefined ? { IfNoneMatch: "*" } : { IfMatch: over.version }) }));
      return "written";
    } catch (error) {
      if (isNamed(error, "ConditionalRequestConflict")) return "conflict";
      // What was to be replaced is gone.
      if (isNamed(error, "NoSuchKey")) return "other";
      // The client tries again by itself, and then meets what its first attempt wrote.
      if (isNamed(error, "PreconditionFailed")) return (await read(key))?.mark === mark ? "written" : "other";
      throw error;
    }
  }

  return {
    read: async (key) => (await read(key))?.note,
    write: async (key, text, over) => {
      for (let attempt = 1; ; attempt++) {
        const end = await write(key, text, over);
        if (end !== "conflict" || attempt === ATTEMPTS) return end === "written";
      }
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(key) }));
    },
  };
}

type Marked = { readonly mark: string; readonly note: Note };
/** Conflict: another write, or a removal, is under way, and S3 asks to try again. */
type WriteEnd = "written" | "other" | "conflict";
const ATTEMPTS = 3;

const keyOf = (key: string): string => (OWN_PREFIX.test(key) ? key : `notes/${key}`);
