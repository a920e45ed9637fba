import Cryptography
import EventStore

/// How an event names a blob.
func blobReference(_ digest: Digest) -> JSONValue { .object(["blob": .string(digest.hex)]) }

/// The digest of the blob that an event names.
func blobDigest(_ value: JSONValue) -> Digest? {
  value["blob"]?.string.flatMap { Digest(hex: $0) }
}
