import Foundation
import TestSupport
import Testing

/// A package that is used but not installed would be found missing on the first new machine.
///
/// What is used is asked of the machine: which package owns each header, library and interpreter.
@Suite struct PackagesTests {
  static let listed: Set<String> = {
    let file = HouseTests.root.appendingPathComponent("tools/packages")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return Set(text.split(separator: "\n").map(String.init))
  }()

  /// What needs no listing: Debian's essential packages, and what Swift's own requirements bring.
  static let given: Set<String> = [
    "bash", "coreutils", "diffutils", "dash", "libc-bin", "libc6", "libc6-dev", "libgcc-s1",
    "libstdc++6", "linux-libc-dev", "util-linux", "zlib1g",
  ]

  /// The packages that own files, without their architecture.
  static func owners(of paths: [String]) throws -> [String: String] {
    // Debian's database names many files under /lib and /bin that now lie in /usr.
    let merged = paths.map { $0.hasPrefix("/usr/") ? String($0.dropFirst(4)) : "/usr" + $0 }
    let answer = try answer("dpkg-query", ["--search"] + paths + merged)
    var owners: [String: String] = [:]
    for line in answer.split(separator: "\n") where !line.hasPrefix("diversion") {
      guard let start = line.range(of: ": ") else { continue }
      let path = String(line[start.upperBound...])
      let owner = String(line.prefix { $0 != ":" && $0 != "," })
      for (asked, other) in zip(paths, merged) where path == asked || path == other {
        owners[asked] = owner
      }
    }
    return owners
  }

  static func owner(of path: String) throws -> String? { try owners(of: [path])[path] }

  static func answer(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["LC_ALL=C", program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  /// The listed packages and all that they depend on.
  static func closure() throws -> Set<String> {
    let all = try answer(
      "dpkg-query", ["--show", "--showformat", "${Package}\t${Depends}, ${Pre-Depends}\n"])
    var dependencies: [Substring: [Substring]] = [:]
    for line in all.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      dependencies[parts[0], default: []] += parts[1].split { $0 == "," || $0 == "|" }
        .compactMap { $0.split { $0 == " " || $0 == ":" || $0 == "(" }.first }
    }
    var known: Set<Substring> = []
    var waiting = listed.map { $0[...] }
    while let next = waiting.popLast() {
      if known.insert(next).inserted { waiting += dependencies[next] ?? [] }
    }
    return Set(known.map(String.init))
  }

  @Test func everyHeaderThatIsIncludedComesFromAListedPackage() throws {
    let include = "/usr/include/"
    var folders = [include, include + "poppler/glib/"]
    for name in try FileManager.default.contentsOfDirectory(atPath: include)
    where name.hasSuffix("-linux-gnu") {
      folders.append(include + name + "/")
    }
    for wrapper in HouseTests.wrappers {
      let folder = HouseTests.root.appendingPathComponent("Sources/\(wrapper)")
      let shim = try String(
        contentsOf: folder.appendingPathComponent("shim.h"), encoding: .utf8)
      for line in shim.split(separator: "\n") where line.hasPrefix("#include <") {
        let header = line.dropFirst("#include <".count).prefix { $0 != ">" }
        let places = folders.map { $0 + header }
        let path = try #require(
          places.first(where: FileManager.default.fileExists), "<\(header)> is nowhere")
        let owner = try #require(try Self.owner(of: path), "no package owns \(path)")
        #expect(
          Self.listed.union(Self.given).contains(owner),
          "\(wrapper) includes <\(header)> of \(owner), which tools/packages does not list")
      }
    }
  }

  @Test func everyLibraryThatThePackagedProgramsLoadIsInstalledWithTheList() throws {
    let closure = try Self.closure().union(Self.given)
    let programs = [product("senko-worker"), product("senko")]
      .filter(FileManager.default.fileExists)
    try #require(!programs.isEmpty)
    for program in programs {
      var libraries: [String] = []
      for line in try Self.answer("ldd", [program]).split(separator: "\n") {
        let words = line.split { " \t".contains($0) }.map(String.init)
        guard words.count > 2, words[1] == "=>" else { continue }
        let isDebian = words[2].hasPrefix("/lib") || words[2].hasPrefix("/usr/lib")
        if isDebian { libraries.append(words[2]) }
      }
      let owners = try Self.owners(of: libraries)
      for path in libraries {
        let owner = try #require(owners[path], "no package owns \(path)")
        #expect(
          closure.contains(owner),
          "\(program) loads \(path) of \(owner), which no listed one brings")
      }
      #expect(libraries.count > 5)
    }
  }

  @Test func everyInterpreterThatTheToolsNeedIsInstalledWithTheList() throws {
    let closure = try Self.closure().union(Self.given)
    let tools = HouseTests.files(under: "tools", "").filter { file in
      (try? file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
    var interpreters: Set<String> = []
    for tool in tools {
      guard let text = try? String(contentsOf: tool, encoding: .utf8), text.hasPrefix("#!"),
        let line = text.split(separator: "\n").first
      else { continue }
      interpreters.insert(String(line.split { " /".contains($0) }.last ?? ""))
    }
    #expect(interpreters.isSuperset(of: ["bash", "python3"]))
    for interpreter in interpreters {
      let path = URL(fileURLWithPath: "/usr/bin/\(interpreter)").resolvingSymlinksInPath().path
      let owner = try #require(try Self.owner(of: path), "no package owns \(path)")
      #expect(
        closure.contains(owner), "\(interpreter) is of \(owner), which no listed package brings")
    }
  }

  /// No header and no library leads to these: they are data, looked for when a document is read.
  @Test func theDataThatReadingNeedsComesFromListedPackages() throws {
    #expect(try Self.owner(of: "/usr/share/poppler/cMap") == "poppler-data")
    #expect(Self.listed.contains("poppler-data"))
    let dictionary = "/var/lib/mecab/dic/ipadic-utf8/sys.dic"
    #expect(FileManager.default.fileExists(atPath: dictionary), "\(dictionary) is not compiled")
    #expect(Self.listed.contains("mecab-ipadic-utf8"))
    #expect(Self.listed.isSuperset(of: ["pkg-config", "fontconfig"]))
    #expect(Self.listed.isSuperset(of: ["tesseract-ocr", "tesseract-ocr-jpn"]))
  }

  @Test func nothingIsListedTwiceOrOutOfOrder() throws {
    let file = HouseTests.root.appendingPathComponent("tools/packages")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines == Set(lines).sorted())
  }
}
