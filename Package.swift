// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// `SENKO_CORE=1` leaves the HTTP server and the command line out, and with them every dependency:
/// what remains builds in seconds.
let core = ProcessInfo.processInfo.environment["SENKO_CORE"] == "1"

let house: [SwiftSetting] = [
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
  .strictMemorySafety(),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0443-warning-control-flags.md
  .treatAllWarnings(as: .error),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
  .enableUpcomingFeature("ExistentialAny"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
  .enableUpcomingFeature("MemberImportVisibility"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
  .enableUpcomingFeature("InternalImportsByDefault"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0470-isolated-conformances.md
  .enableUpcomingFeature("InferIsolatedConformances"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0481-weak-let.md
  .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// For modules that return non-escapable values: transactions, cursors, spans.
let lifetimes: [SwiftSetting] = house + [.enableExperimentalFeature("Lifetimes")]

func module(
  _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = house
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ["TestSupport", .byName(name: name)] + dependencies,
    swiftSettings: lifetimes)
}

var dependencies: [Package.Dependency] = []
var products: [Product] = [
  .library(name: "EventStore", targets: ["EventStore"]),
  .library(name: "Cryptography", targets: ["Cryptography"]),
  .library(name: "DocumentReader", targets: ["DocumentReader"]),
  .executable(name: "senko-worker", targets: ["senko-worker"]),
]
var targets: [Target] = [
  .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
  .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CPoppler", pkgConfig: "poppler-glib", providers: [.apt(["libpoppler-glib-dev"])]),
  .systemLibrary(name: "CMeCab", providers: [.apt(["libmecab-dev"])]),
  .systemLibrary(
    name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),

  module("LMDB", ["CLMDB"], lifetimes),
  module("Cryptography", ["COpenSSL"], lifetimes),
  module("EventStore", ["LMDB", "Cryptography"], lifetimes),
  module("Projections", ["EventStore", "LMDB"], lifetimes),
  module("DocumentReader", ["CPoppler", "CMeCab", "CSeccomp"]),
  module("LinearSVM", []),
  module(
    "Screening", ["EventStore", "Projections", "DocumentReader", "LinearSVM", "Cryptography"]),
  .executableTarget(
    name: "senko-worker", dependencies: ["DocumentReader", "EventStore"], swiftSettings: house),

  .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: house),
  .executableTarget(
    name: "fault-subject", dependencies: ["EventStore", "Cryptography", "LMDB"],
    path: "Tests/FaultSubject", swiftSettings: house),
  tests("LMDB"),
  tests("Cryptography"),
  tests("EventStore", ["LMDB", "Cryptography", "fault-subject", "senko-worker"]),
  tests("Projections", ["EventStore", "LMDB", "fault-subject"]),
  tests("DocumentReader", ["senko-worker"]),
  tests("LinearSVM"),
  tests(
    "Screening",
    [
      "EventStore", "Projections", "DocumentReader", "LinearSVM", "Cryptography", "LMDB",
      "senko-worker",
    ]),
  .testTarget(
    name: "HouseTests", dependencies: ["TestSupport", "senko-worker"], swiftSettings: house),
]

if !core {
  dependencies += [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
  ]
  products.append(.executable(name: "senko", targets: ["senko"]))
  targets += [
    module(
      "ScreeningServer",
      [
        "Screening", "EventStore", "Cryptography",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "senko",
      dependencies: [
        "Screening", "ScreeningServer", "EventStore", "Projections", "DocumentReader", "LinearSVM",
        "Cryptography",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: house, plugins: ["DependencyVersions"]),
    .plugin(
      name: "DependencyVersions", capability: .buildTool(), path: "tools/dependency-versions"),
    tests(
      "ScreeningServer",
      [
        "Screening", "EventStore", "senko", "senko-worker",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
      ]),
    .testTarget(
      name: "senkoTests", dependencies: ["TestSupport", "senko", "senko-worker"],
      swiftSettings: house),
  ]
}

let package = Package(
  name: "senko",
  products: products,
  dependencies: dependencies,
  targets: targets,
  swiftLanguageModes: [.v6])
