namespace Lazykick.Tests.Support;

/// <summary>Tests that measure the process, or want two CPUs: they run after the others, one at a time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;
