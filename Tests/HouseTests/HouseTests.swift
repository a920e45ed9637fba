import Foundation
import Testing

/// The house's order: who imports whom, how long a file is, what lies at the top.
@Suite struct HouseTests {
  /// The design's table: what each module may import of our own.
  static let imports: [String: Set<String>] = [
    "LMDB": ["CLMDB"],
    "Cryptography": ["COpenSSL"],
    "EventStore": ["LMDB", "Cryptography"],
    "Projections": ["EventStore", "LMDB"],
    "DocumentReader": ["CPoppler", "CMeCab", "CSeccomp"],
    "LinearSVM": [],
    "Screening": ["EventStore", "Projections", "DocumentReader", "LinearSVM", "Cryptography"],
    "ScreeningServer": ["Screening", "EventStore", "Cryptography"],
    "senko": [
      "Screening", "ScreeningServer", "EventStore", "Projections", "DocumentReader", "LinearSVM",
      "Cryptography",
    ],
    "senko-worker": ["DocumentReader", "EventStore"],
  ]

  static let wrappers: Set = ["CLMDB", "COpenSSL", "CPoppler", "CMeCab", "CSeccomp"]

  static let root: URL = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url
  }()

  static func files(under folder: String, _ ending: String) -> [URL] {
    let paths = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
    return (paths?.allObjects as? [String] ?? []).filter { $0.hasSuffix(ending) }
      .map { root.appendingPathComponent(folder).appendingPathComponent($0) }
  }

  @Test func everyModuleImportsOnlyWhatLiesBelowIt() throws {
    let sources = try FileManager.default.contentsOfDirectory(
      atPath: Self.root.appendingPathComponent("Sources").path)
    #expect(Set(sources) == Set(Self.imports.keys).union(Self.wrappers))
    let ours = Set(Self.imports.keys).union(Self.wrappers)
    for (module, allowed) in Self.imports {
      for file in Self.files(under: "Sources/\(module)", ".swift") {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          let words = line.split(separator: " ")
          guard let index = words.firstIndex(of: "import"), index <= 1, words.count == index + 2
          else { continue }
          let imported = String(words[index + 1])
          if ours.contains(imported) {
            #expect(
              allowed.contains(imported), "\(file.lastPathComponent) imports \(imported)")
          }
        }
      }
    }
  }

  @Test func theLearnerAndTheStoreDoWithoutFoundation() throws {
    for module in ["LMDB", "Cryptography", "EventStore", "Projections", "LinearSVM"] {
      for file in Self.files(under: "Sources/\(module)", ".swift") {
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(!text.contains("import Foundation"), "\(file.lastPathComponent)")
        if module == "LinearSVM" {
          #expect(!text.contains("import "), "\(file.lastPathComponent) imports something")
        }
      }
    }
  }

  /// Who keeps other records in the store has none of senko's commands.
  @Test func theStoreNamesNoneOfTheCommands() throws {
    for file in Self.files(under: "Sources/EventStore", ".swift") {
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      for line in lines where !line.contains("///") {
        let named = line.contains(/'senko |'--[a-z]| --[a-z]/)
        #expect(!named, "\(file.lastPathComponent): \(line)")
      }
    }
  }

  @Test func noFileIsLongerThanOneIdea() throws {
    for file in Self.files(under: "Sources", ".swift") + Self.files(under: "Tests", ".swift") {
      let lines = try String(contentsOf: file, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 401, "\(file.lastPathComponent) has \(lines.count) lines")
    }
  }

  /// Whoever distrusts the house reads the independent verifier before running it.
  @Test func theIndependentVerifierIsShortEnoughToBeRead() throws {
    let path = Self.root.appendingPathComponent("tools/verify-log.py")
    let lines = try String(contentsOf: path, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    // The last one ends with the file.
    #expect(lines.count - 1 < 200)
  }

  @Test func theTopHoldsTheFixedNamesOnly() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    let fixed: Set = ["Package.swift", "Sources", "Tests", "snapshots", "tools", "README.md"]
    #expect(Set(names).isSubset(of: fixed), "\(Set(names).subtracting(fixed))")
  }
}
