// swift-tools-version: 6.2
import PackageDescription

// Run by tools/benches/store/run.
let package = Package(
  name: "store-bench",
  dependencies: [.package(name: "senko", path: "../../../..")],
  targets: [
    .target(
      name: "CBaseline", cSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary("lmdb"), .linkedLibrary("crypto")]),
    .executableTarget(
      name: "store-bench",
      dependencies: ["CBaseline", .product(name: "EventStore", package: "senko")]),
  ],
  swiftLanguageModes: [.v6])
