import Foundation
import TailorTensors
import TestSupport
import Testing

extension TensorLayer {
    /// Autocast, gradient mode, generators, devices.
    @Suite struct Modes {
        @Test func autocastComputesConvolutionsInItsTypeAndLossesInFloat32() throws {
            let x = try Tensor.ones([1, 2, 4, 4])
            let weight = try Tensor.ones([3, 2, 3, 3])
            try weight.setRequiresGradient()
            let loss = try withAutocast(.bfloat16, device: .cpu) {
                let y = try conv2d(x, weight: weight, padding: 1)
                #expect(y.dtype == .bfloat16)
                let plain = try withAutocast(nil, device: .cpu) { try conv2d(x, weight: weight) }
                #expect(plain.dtype == .float32)
                let again = try conv2d(x, weight: weight)
                #expect(again.dtype == .bfloat16, "leaving the inner one restores the outer one")
                let logits = try globalAveragePool(y)
                return try crossEntropy(logits, targets: Tensor([Int64(1)], shape: [1]))
            }
            #expect(loss.dtype == .float32)
            #expect(try conv2d(x, weight: weight).dtype == .float32)
            try loss.backward()
            #expect(weight.gradient?.dtype == .float32)
        }

        @Test func autocastEndsWhenItsBodyThrows() throws {
            let x = try Tensor.ones([1, 2, 4, 4])
            #expect(throws: TensorError.self) {
                try withAutocast(.bfloat16, device: .cpu) { try conv2d(x, weight: x, padding: -9) }
            }
            #expect(try conv2d(x, weight: Tensor.ones([1, 2, 3, 3])).dtype == .float32)
        }

        @Test(arguments: [DType.float32, .int64])
        func autocastInATypeThatItDoesNotKnowIsAnError(_ dtype: DType) throws {
            var ran = false
            let text = message { try withAutocast(dtype, device: .cpu) { ran = true } }
            #expect(text.hasPrefix("withAutocast: autocast computes in bfloat16 or float16"), "\(text)")
            #expect(!ran)
            // Nothing is left behind: neither the type nor a nesting that nobody ends.
            let x = try Tensor.ones([1, 2, 4, 4])
            #expect(try conv2d(x, weight: Tensor.ones([1, 2, 3, 3])).dtype == .float32)
            let inside = try withAutocast(.bfloat16, device: .cpu) {
                #expect(throws: TensorError.self) { try withAutocast(dtype, device: .cpu) {} }
                return try conv2d(x, weight: Tensor.ones([1, 2, 3, 3])).dtype
            }
            #expect(inside == .bfloat16)
        }

        /// A weight cast to 16 bits while nothing is recorded must not be reused where it is.
        @Test func aWeightUsedWithoutGradientsUnderAutocastStillGetsItsGradient() throws {
            let x = try Tensor.ones([1, 2, 4, 4])
            let weight = try Tensor.ones([3, 2, 3, 3])
            try weight.setRequiresGradient()
            let loss = try withAutocast(.bfloat16, device: .cpu) {
                _ = try withoutGradients { try conv2d(x, weight: weight) }
                return try conv2d(x, weight: weight).sum()
            }
            try loss.backward()
            #expect(weight.gradient != nil)
        }

        @Test func withoutGradientsRecordsNothingAndRestoresTheMode() throws {
            let x = try Tensor.ones([2])
            try x.setRequiresGradient()
            #expect(try withoutGradients { try x.multiplied(by: 2) }.requiresGradient == false)
            #expect(throws: TensorError.self) { try withoutGradients { try x.reshape([7]) } }
            #expect(try x.multiplied(by: 2).requiresGradient)
            #expect(try x.multiplied(by: 2).detach().requiresGradient == false)
        }

        @Test func generatorsDrawPyTorchsNumbers() throws {
            let golden = try Golden("random")
            let first = try TorchGenerator(seed: 42)
            try expectClose(
                Tensor.uniform([3, 5], generator: first), golden["uniform"], relative: 0, absolute: 0)
            try expectClose(
                Tensor.uniform([4], in: -2...3, generator: first), golden["then_uniform"], relative: 0,
                absolute: 0)
            let second = try TorchGenerator(seed: 42)
            try expectClose(
                Tensor.normal([5], generator: second), golden["normal_short"], relative: 1e-6,
                absolute: 1e-7)
            try expectClose(
                Tensor.normal([4, 9], mean: 1.5, standardDeviation: 0.25, generator: second),
                golden["normal_long"], relative: 1e-6, absolute: 1e-7)
        }

        @Test func aGeneratorsStateCanBePutBack() throws {
            let generator = try TorchGenerator(seed: 7)
            let state = try generator.state()
            let first = try Tensor.uniform([3], generator: generator).floats()
            try generator.setState(state)
            #expect(try Tensor.uniform([3], generator: generator).floats() == first)
        }

        @Test func devicesAreReadFromText() throws {
            #expect(try Device(parsing: "cpu") == .cpu)
            #expect(try Device(parsing: "cuda") == .cuda(0))
            #expect(try Device(parsing: "cuda:3") == .cuda(3))
            #expect("\(Device.cuda(3))" == "cuda:3")
            for text in ["", "gpu", "cuda:", "cuda:-1", "cuda:x", "cuda:999", "CPU"] {
                #expect(
                    message { _ = try Device(parsing: text) }
                        == "device \"\(text)\": expected cpu, cuda or cuda:N with N from 0 to 127")
            }
            try Device.cpu.checkAvailable()
            #expect(throws: DeviceError.self) { try Device.cuda(127).checkAvailable() }
        }

        /// On a Xeon whose AMX is hidden training was slower in bf16: 32 images a second, 41 in fp32.
        @Test func bfloat16IsFastWithAMXOrOnAMD() {
            let fast = TorchRuntime.isBFloat16Fast
            #expect(fast(true, true, true) && fast(true, false, false) && fast(false, true, true))
            #expect(!fast(true, false, true) && !fast(false, false, false) && !fast(false, false, true))
        }

        #if os(Linux)
            /// Processor time, not time on the clock: a thread that waits for 20 × 20 ms either spins or sleeps.
            @Test(.enabled(if: ProcessInfo.processInfo.environment["GOMP_SPINCOUNT"] == nil))
            func aSecondTeamLetsWaitingThreadsSleep() throws {
                let threads = TorchRuntime.threadCount
                TorchRuntime.threadCount = max(2, ProcessInfo.processInfo.processorCount)
                defer { TorchRuntime.threadCount = threads }
                func seconds(_ clock: clockid_t) -> Double {
                    var time = timespec()
                    clock_gettime(clock, &time)
                    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
                }
                func others() -> Double {
                    seconds(CLOCK_PROCESS_CPUTIME_ID) - seconds(CLOCK_THREAD_CPUTIME_ID)
                }
                let tensor = try Tensor.zeros([1 << 17])
                /// What all threads but this one use in 20 pauses.
                func spent() throws -> Double {
                    let start = others()
                    for _ in 0..<20 {
                        _ = try tensor.exp()
                        usleep(20_000)
                    }
                    return others() - start
                }
                // Teams of other tests may do as much already: what counts is what is left, 20 × 5 ms without any.
                let team = try #require(SecondTeam())
                let sleeping = try spent()
                withExtendedLifetime(team) {}
                #expect(sleeping < 0.04, "\(sleeping) s of waiting")
            }
        #endif

        @Test func theRuntimeTellsWhatItIs() throws {
            #expect(TorchRuntime.version.hasPrefix("2.13"))
            #expect(TorchRuntime.buildDescription.contains("PyTorch built with"))
            #expect(!TorchRuntime.cpuCapability.isEmpty)
            let threads = TorchRuntime.threadCount
            TorchRuntime.threadCount = 1
            #expect(TorchRuntime.threadCount == 1)
            TorchRuntime.threadCount = threads
            #expect(!TorchRuntime.cpuHas("no such feature"))
            try TorchRuntime.setDeterministic(true)
            try TorchRuntime.setDeterministic(false)
            try TorchRuntime.synchronize(.cpu)
            #expect(try TorchRuntime.cudaDevices().count == Device.cudaDeviceCount)
        }
    }
}
