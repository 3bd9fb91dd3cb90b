import Tailor
import TailorSupport

/// An error with the exit code it leads to: 1 failed while working, 2 refused, 3 a gate said no.
struct CommandFailure: Error {
    let message: String
    let code: Int32

    init(message: String, code: Int32) {
        self.message = message
        self.code = code
    }

    init(_ error: any Error) {
        message = "\(error)"
        switch error {
        case is TestSetAlreadyUsed, is TestOverlapsTraining, is LeakRefusal: code = 3
        case let error as RunError:
            switch error {
            case .notFinite, .cannotCreate: code = 1
            default: code = 2
            }
        case SplitError.interrupted: code = 1
        case let error as DeploymentError:
            switch error {
            case .gateRefused: code = 3
            case .differsFromTraining: code = 1
            default: code = 2
            }
        case is JSONFileError, is RecipeError, is DatasetError, is ImageError, is WeightsMismatch,
            is WeightsError,
            is ClassWeightsError,
            is DeviceError,
            is SplitError, is ModelFileError, is ClassifierError,
            is AnnotationError, is ExclusionListError, is CleanedCopyError:
            code = 2
        default: code = 1
        }
    }
}
