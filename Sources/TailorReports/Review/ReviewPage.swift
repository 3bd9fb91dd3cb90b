import Foundation
import TailorDatasets
import TailorSupport

/// Page on which a person decides about images: one self-contained HTML file with a program in it, which exports
/// `decisions.csv` (see `DecisionList`).
package struct ReviewPage: Sendable {
    /// Sign by which an earlier page is known, which may be replaced.
    package static let generatorMark = OutputFile.Mark(kind: "a review page", text: HTML.generator(.review))
    /// Most suspects of a page.
    package static let suspectLimit = 500
    /// Most bytes of a page's pictures as JPEG; a page ends before it would hold more. In the page they take a third
    /// more.
    package static let pictureBudget = 20 << 20

    /// Why an image is asked about.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case label, classes, copies, extreme, unreadable
    }

    /// An image that is shown beside another.
    package struct Neighbour: Codable, Sendable, Hashable {
        package var path: String
        /// Index in the class list; nil for test images, whose labels are not shown.
        package var label: Int?
        package var part: String

        package init(path: String, label: Int?, part: SplitPart) {
            self.path = path
            self.label = label
            self.part = part.rawValue
        }
    }

    /// An image to decide about; never a test image.
    package struct Suspect: Codable, Sendable, Hashable {
        package var path: String
        /// SHA-256 of the file; empty for one that cannot be read.
        package var sha256: String
        /// Index in the class list; nil where none is known.
        package var label: Int?
        package var part: String
        package var kinds: [Kind]
        /// A sentence for each kind.
        package var reasons: [String]
        /// Class that it looks like.
        package var suggestion: Int?
        /// Whether the suggestion is to leave it out.
        package var suggestsExclusion = false
        /// Probabilities of label and suggestion, 0…1.
        package var labelProbability: Double?
        package var suggestionProbability: Double?
        /// The same picture elsewhere, or the most similar images.
        package var neighbours: [Neighbour]

        package init(
            path: String, sha256: String, label: Int?, part: SplitPart, kinds: [Kind] = [],
            reasons: [String] = [], neighbours: [Neighbour] = []
        ) {
            self.path = path
            self.sha256 = sha256
            self.label = label
            self.part = part.rawValue
            self.kinds = kinds
            self.reasons = reasons
            self.neighbours = neighbours
        }
    }

    /// Where in an image the model saw a class.
    package struct HeatMap: Sendable {
        /// JPEG of the same size as the image's picture.
        package var jpeg: Data
        package var className: String

        package init(jpeg: Data, className: String) {
            self.jpeg = jpeg
            self.className = className
        }
    }

    /// Name of the data folder, for the title.
    package var title: String
    /// What tells this data from other, by which the browser keeps decisions.
    package var identity: String
    package var classes: [String]
    /// Number of `classes`, from the first, that an image can be given.
    package var targetCount: Int
    package var suspects: [Suspect]
    /// Earlier decisions, which the page starts with and exports too.
    package var decisions: [LabelDecision]
    /// Pictures as JPEG by path; those of neighbours may be smaller.
    package var pictures: [PathKey: Data]
    /// Heat maps by path.
    package var heatMaps: [PathKey: HeatMap]
    /// Names of the pages' files, this one among them; one for a single page.
    package var pages: [String]
    /// Position of this page in `pages`.
    package var number: Int
    /// What a reviewer should know, as sentences.
    package var notes: [String]
    /// Text of the footer: by what the page was made.
    package var origin: String

    package init(
        title: String, identity: String, classes: [String], targetCount: Int, suspects: [Suspect],
        decisions: [LabelDecision] = [], pictures: [PathKey: Data] = [:], heatMaps: [PathKey: HeatMap] = [:],
        pages: [String] = ["review.html"], number: Int = 0, notes: [String] = [], origin: String = ""
    ) {
        self.title = title
        self.identity = identity
        self.classes = classes
        self.targetCount = targetCount
        self.suspects = suspects
        self.decisions = decisions
        self.pictures = pictures
        self.heatMaps = heatMaps
        self.pages = pages
        self.number = number
        self.notes = notes
        self.origin = origin
    }
}
