public struct Token: Sendable, Hashable { public var offset: Int; public var length: Int; public var term: String; public enum Kind: Sendable { case word, compound }; public var kind: Kind; public var kept: Bool; public var partOfSpeech: String }
public struct Fingerprint: Sendable, Hashable { public var details: [String: String]; public var id: String; public var canonicalText: String }
public struct Reading: Sendable { public var rawText, text: String; public var tokens: [Token]; public var flags: [String]; public var quality: [String: Int]; public var fingerprint: Fingerprint
  public var nouns: [(term: String, count: Int)] { [] } }
public enum ReadingOutcome: Sendable { case read(Reading); case unreadable(reason: String, Fingerprint?) }
public enum TokenCoding { public static func encode(_ t: [Token]) -> [UInt8] { [] }; public static func decode(_ b: [UInt8]) throws -> [Token] { [] } }
public struct ReaderError: Error {}
public final class ReaderPool: Sendable { public init(worker: String, workers: Int) {}; public func read(_ b: [UInt8]) async throws(ReaderError) -> ReadingOutcome { throw ReaderError() }; public func shutdown() {} }
