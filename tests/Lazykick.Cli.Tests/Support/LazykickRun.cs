namespace Lazykick.Cli.Tests.Support;

/// <summary>How a call of the command ended.</summary>
public sealed record LazykickRun(int Status, string Output, string Errors)
{
    /// <summary>
    /// What was written to standard error, but for progress: that depends on how fast the machine is.
    /// </summary>
    public string Messages =>
        string.Concat(
            Errors
                .Split('\n')
                .Where(line =>
                    line.Length > 0
                    && !line.StartsWith("level ", StringComparison.Ordinal)
                    && !line.StartsWith("lazykick: reading ", StringComparison.Ordinal)
                    && !line.StartsWith("claims: ", StringComparison.Ordinal)
                    && !line.StartsWith("repair: ", StringComparison.Ordinal)
                    && !line.StartsWith("sweep: ", StringComparison.Ordinal)
                    && !line.StartsWith("raising: ", StringComparison.Ordinal)
                )
                .Select(line => line + "\n")
        );
}
