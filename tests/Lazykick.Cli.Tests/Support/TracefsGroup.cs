namespace Lazykick.Cli.Tests.Support;

/// <summary>Tests that look at what is left in tracefs: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class TracefsGroup
{
    public const string Name = "tracefs";
}
