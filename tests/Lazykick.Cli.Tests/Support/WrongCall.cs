namespace Lazykick.Cli.Tests.Support;

/// <summary>Calls that no user meant.</summary>
internal static class WrongCall
{
    /// <summary>The call ends with 2, and says this on standard error, without a stack trace.</summary>
    public static LazykickRun IsRefused(string call, string message)
    {
        var run = LazykickProcess.Run(call.Split(' '));
        Assert.Equal(2, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        return run;
    }
}
