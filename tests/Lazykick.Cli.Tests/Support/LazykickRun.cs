namespace Lazykick.Cli.Tests.Support;

/// <summary>How a call of the command ended.</summary>
public sealed record LazykickRun(int Status, string Output, string Errors);
