using Lazykick.Auditing.Tests.Support;
using Lazykick.Auditing.Walking;

namespace Lazykick.Auditing.Tests.Walking;

public class MaskedFinderTests
{
    [Fact]
    public void Sends_and_waits_are_found_where_interrupts_are_masked_and_nowhere_else()
    {
        var places = MaskedFinder.Find(new TinyKernel().Load(), cancellation: TestContext.Current.CancellationToken);

        // Not after the unmask in sends_masked, not without a mask, not in init text, not a yield that is in no loop.
        MaskedPlace[] expected =
        [
            new("sends_last+0x4", "smp_call_function_single", IsWait: false, IsCertain: true),
            new("sends_masked+0x4", "smp_call_function_single", IsWait: false, IsCertain: true),
            new("sends_perhaps+0x8", "smp_call_function_single", IsWait: false, IsCertain: false),
            new("waits_masked+0x4", null, IsWait: true, IsCertain: true),
        ];
        Assert.Equal(expected, places);
    }

    [Fact]
    public void Without_the_symbol_of_a_sender_its_calls_are_not_found_but_waits_are()
    {
        var places = MaskedFinder.Find(
            new TinyKernel { Without = ["smp_call_function_single"] }.Load(),
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal("waits_masked+0x4", Assert.Single(places).Place);
    }
}
