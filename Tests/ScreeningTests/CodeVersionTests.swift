import Cryptography
import EventStore
import Foundation
import Testing

@testable import Screening

/// If these fail, nobody can tell later which program, with which libraries, made a model.
@Suite struct CodeVersionTests {
  @Test func theProgramIsNamedByWhatItsLinkerWroteIntoIt() throws {
    let program = try #require(CodeVersion.running().program)
    #expect(program.count >= 16 && program.allSatisfy(\.isHexDigit))
    let file = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped)
    var id = Data()
    var rest = program[...]
    while let byte = UInt8(rest.prefix(2), radix: 16) {
      id.append(byte)
      rest = rest.dropFirst(2)
    }
    #expect(rest.isEmpty && file.range(of: id) != nil)
  }

  @Test func librariesSayWhatTheyAre() throws {
    let libraries = CodeVersion.running().libraries
    #expect(libraries.keys.sorted() == ["glib", "libcrypto", "lmdb", "mecab", "poppler"])
    for (library, version) in libraries {
      #expect(version.wholeMatch(of: /[0-9]+\.[0-9]+[0-9a-z.]*/) != nil, "\(library) \(version)")
    }
  }

  @Test func itsTextIsOneOfTheLogs() throws {
    let code = CodeVersion(
      program: "0a1b", libraries: ["lmdb": "0.9.24"], packages: ["swift-log": "1.16.2", "b": "1"])
    let text =
      #"{"libraries":{"lmdb":"0.9.24"},"packages":{"b":"1","swift-log":"1.16.2"},"program":"0a1b"}"#
    #expect(String(decoding: code.encoded, as: UTF8.self) == text)
    #expect(try JSONValue(canonical: code.encoded.span).encoded() == code.encoded)
  }
}
