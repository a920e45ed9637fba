// swift-tools-version: 6.2
import PackageDescription

// Run by tools/benches/learning/log.
let package = Package(
  name: "labelled",
  dependencies: [.package(name: "senko", path: "../../..")],
  targets: [
    .executableTarget(
      name: "labelled",
      dependencies: [
        .product(name: "Cryptography", package: "senko"),
        .product(name: "EventStore", package: "senko"),
        .product(name: "DocumentReader", package: "senko"),
      ])
  ],
  swiftLanguageModes: [.v6])
