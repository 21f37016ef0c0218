import { crc32, inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 65_535;
const DEFLATED = 8;

export type ZipEntry = {
  readonly size: number;
  readonly crc: number;
  /** Inflates and checks the bytes. */
  bytes(): Buffer;
};

/** One file of a zip archive by its exact name. Throws when the archive is broken or has no such file. */
export function findZipEntry(archive: Buffer, name: string): ZipEntry {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error("broken zip archive: no directory entry where one should be");
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString("utf8", at + 46, at + 46 + nameLength) === name) return entryAt(archive, at, name);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`no ${name} in the zip archive`);
}

function findEnd(archive: Buffer): number {
  for (let at = archive.length - END_LENGTH; at >= Math.max(0, archive.length - END_LENGTH - MAX_COMMENT); at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw new Error("broken zip archive: no end of directory");
}

function entryAt(archive: Buffer, at: number, name: string): ZipEntry {
  const method = archive.readUInt16LE(at + 10);
  const crc = archive.readUInt32LE(at + 16);
  const packedSize = archive.readUInt32LE(at + 20);
  const size = archive.readUInt32LE(at + 24);
  const local = archive.readUInt32LE(at + 42);
  if (archive.readUInt32LE(local) !== LOCAL_ENTRY) throw new Error(`broken zip archive: no entry for ${name}`);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedSize);
  return {
    size,
    crc,
    bytes: () => {
      const bytes = method === DEFLATED ? inflateRawSync(packed, { maxOutputLength: size }) : packed;
      if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`broken zip archive: ${name} has not its checksum`);
      return bytes;
    },
  };
}
