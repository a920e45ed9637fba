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
    guard let subject = SubjectID(try bytes(16)) else { throw RowCodingError() }
    return subject
  }

  mutating func digest() throws(RowCodingError) -> Digest {
    guard let digest = Digest(try bytes(32)) else { throw RowCodingError() }
    return digest
  }

  mutating func reference() throws(RowCodingError) -> SealedReference {
    guard let reference = SealedReference(try bytes(SealedReference.size)) else {
      throw RowCodingError()
    }
    return reference
  }

  /// An opening that was checked before it was written.
  mutating func opening() throws(RowCodingError) -> Opening { Opening(unchecked: try text()) }
}
