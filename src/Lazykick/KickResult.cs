namespace Lazykick;

/// <summary>What <see cref="RcuDomain.Kick"/> did.</summary>
/// <param name="Kind">Whether it had to interrupt anybody.</param>
/// <param name="ActiveThreads">How many other registered threads were seen out of EQS.</param>
public readonly record struct KickResult(KickKind Kind, int ActiveThreads);
