public import ArgumentParser
public import Screening

// The domain's words are spelled on the command line as in JSON.

extension Label: ExpressibleByArgument {}
extension LabelPurpose: ExpressibleByArgument {}
extension ApplicantState: ExpressibleByArgument {}
extension Outcome: ExpressibleByArgument {}
extension ApplicantFlag: ExpressibleByArgument {}
extension Queue: ExpressibleByArgument {}
extension ApplicantOrder: ExpressibleByArgument {}
extension ScoreDisplay: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension TrainRequest.Labels: ExpressibleByArgument {}
