namespace Lazykick.Tests.Support;

internal static class DomainExtensions
{
    /// <summary>How many registered threads are out of EQS.</summary>
    public static int ActiveThreads(this RcuDomain domain) =>
        domain.GetThreads().Count(thread => thread.State == RcuThreadState.Active);
}
