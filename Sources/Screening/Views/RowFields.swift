import Cryptography
import EventStore
import Projections

/// The fields that rows of views are made of, as they are kept there.
extension RowEncoder {
  mutating func encode(_ position: Position) { encode(position.rawValue) }
  mutating func encode<Kind>(_ number: Number<Kind>) { encode(number.rawValue) }
  mutating func encode(_ subject: SubjectID) { subject.write(to: &bytes) }
  mutating func encode(_ digest: Digest) { digest.write(to: &bytes) }
  mutating func encode(_ reference: SealedReference) { reference.write(to: &bytes) }
  mutating func encode(_ opening: Opening) { encode(opening.slug) }
}

extension RowDecoder {
  mutating func position() throws(RowCodingError) -> Position { Position(rawValue: try number()) }

  mutating func optionalPosition() throws(RowCodingError) -> Position? {
    try flag() ? try position() : nil
  }

  mutating func number<Kind>() throws(RowCodingError) -> Number<Kind> { Number(try number()) }

  mutating func subject() throws(RowCodingError) -> SubjectID {
    try fixed(16) { SubjectID(exactly: $0) }
  }

  mutating func digest() throws(RowCodingError) -> Digest {
    try fixed(32) { Digest(exactly: $0) }
  }

  mutating func reference() throws(RowCodingError) -> SealedReference {
    try fixed(SealedReference.size) { SealedReference($0) }
  }

  /// An opening that was checked before it was written.
  mutating func opening() throws(RowCodingError) -> Opening { Opening(unchecked: try text()) }
}
