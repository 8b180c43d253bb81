using Lazykick.Checking.Litmus.Answers;
using Lazykick.Checking.Litmus.Reading;
using Lazykick.Checking.Memory;
using Lazykick.Checking.Tests.Axiomatic;

namespace Lazykick.Checking.Tests.Litmus;

/// <summary>That what no other CPU can notice happens at once must change no answer.</summary>
public class ReductionTests
{
    [Fact]
    public void With_and_without_the_reduction_random_programs_have_the_same_final_states()
    {
        var count = Environment.GetEnvironmentVariable("LAZYKICK_LONG") == "1" ? 5000 : 75;
        for (var seed = 4_000_000; seed < 4_000_000 + count; seed++)
        {
            var arm = seed % 3 > 0;
            var program = new RandomProgram(seed, arm);
            AssertSame(arm ? LitmusWriter.Arm(program) : LitmusWriter.X86(program), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("SB.RF+dsb-isb")]
    [InlineData("SB.RF+ldaddal-isb")]
    [InlineData("SB.RF+dmb-ldr-cbnz-isb")]
    [InlineData("MP.RF+cachesync+isb")]
    [InlineData("MP.RF+cachesync+ctrlisb")]
    [InlineData("SM+dc-dmb-ic")]
    [InlineData("SVC+fetch.exs-eis0")]
    [InlineData("MP+dmb+ctrl-svc")]
    [InlineData("MP+dmb+csel")]
    [InlineData("MP+rel+cas-addr")]
    [InlineData("SB.RF+dmb-isb.dic")]
    public void With_and_without_the_reduction_tests_of_text_and_guesses_have_the_same_final_states(string name) =>
        AssertSame(LitmusFiles.Text(name), name);

    private static void AssertSame(string text, string what)
    {
        var test = LitmusReader.Read(text);
        var cancellation = TestContext.Current.CancellationToken;
        var reduced = LitmusRunner.Run(test, new LitmusOptions(), cancellation);
        var full = LitmusRunner.Run(test, new LitmusOptions { Reduced = false }, cancellation);
        Assert.True(
            LitmusFiles.States(full).SequenceEqual(LitmusFiles.States(reduced), StringComparer.Ordinal),
            $"{what}\n{text}"
        );
        Assert.True(
            full.Explored >= reduced.Explored,
            $"{what}: {full.Explored} states without the reduction, {reduced.Explored} with it"
        );
    }

    [Fact]
    public void The_size_of_the_space_is_fixed()
    {
        (string Name, MemoryModel Model, int States)[] sizes =
        [
            ("SB", MemoryModel.Sc, 13),
            ("SB", MemoryModel.Tso, 25),
            ("SB", MemoryModel.Arm, 25),
            ("IRIW", MemoryModel.Arm, 169),
            ("SB.RF+ldaddal-isb", MemoryModel.Arm, 45),
            ("CoFF", MemoryModel.Arm, 10),
        ];
        var found = sizes
            .Select(s => (s.Name, s.Model, LitmusFiles.Run(LitmusFiles.Text(s.Name), s.Model).Explored))
            .ToArray();
        Assert.Equal(sizes, found);
    }
}
