import Foundation
import TestSupport
import Testing

/// The package's own account of who depends on whom, held against the design's table.
@Suite struct ModuleGraphTests {
  private struct Package: Decodable {
    struct Target: Decodable {
      var name: String
      var path: String?
      var type: String
      var dependencies: [[String: [Name?]]]
    }

    /// A name among a dependency's parts, some of which are conditions and not names.
    struct Name: Decodable {
      var text: String?

      init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }

    var targets: [Target]
  }

  @Test func thePackageDependsAsTheTableSays() async throws {
    let described = try await withTemporaryDirectory { folder in
      try PackagesTests.answer(
        "swift",
        [
          "package", "--package-path", HouseTests.root.path, "--scratch-path", folder,
          "dump-package",
        ])
    }
    let package = try JSONDecoder().decode(Package.self, from: Data(described.utf8))
    let modules = package.targets.filter { $0.path == nil && $0.type != "test" }
    let core = Set(HouseTests.imports.keys).subtracting(["ScreeningServer", "senko"])
    #expect(Set(modules.map(\.name)).isSuperset(of: core.union(HouseTests.wrappers)))
    for module in modules where !HouseTests.wrappers.contains(module.name) {
      let allowed = try #require(
        HouseTests.imports[module.name], "\(module.name) is not in the design's table")
      let named = Set(
        module.dependencies.flatMap { $0["byName"] ?? [] }.compactMap { $0?.text })
      #expect(
        named == allowed, "\(module.name) depends on other modules than the design's table says")
    }
  }

  @Test func noFileKnowsTheMachineItWasWrittenOn() throws {
    // Put together here, so that this file does not hold what it looks for.
    let places = ["/home" + "/", "/ro" + "ot/", "/wo" + "rk/", "/tmp" + "/"]
    let files =
      HouseTests.files(under: "Sources", ".swift") + HouseTests.files(under: "Tests", ".swift")
      + ["tools/setup", "tools/test", "tools/demo", "Package.swift", "README.md"]
      .map { HouseTests.root.appendingPathComponent($0) }
    #expect(files.count > 100)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      for place in places {
        #expect(!text.contains(place), "\(file.lastPathComponent) names a path under \(place)")
      }
    }
  }
}
