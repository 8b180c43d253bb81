using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Lazykick.Tests.Domain;

/// <summary>A plugin that brings its own copy of the library.</summary>
public class UnloadTests
{
    [Fact]
    public void A_collectible_load_context_that_has_used_a_domain_unloads()
    {
        var context = UseInContext();
        for (var i = 0; i < 100 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }

        Assert.False(context.IsAlive, "still loaded");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseInContext()
    {
        AssemblyLoadContext context = new("plugin", isCollectible: true);
        var type = context
            .LoadFromAssemblyPath(typeof(RcuDomain).Assembly.Location)
            .GetType(typeof(RcuDomain).FullName!)!;
        Assert.NotSame(typeof(RcuDomain), type);
        var domain = (IDisposable)Activator.CreateInstance(type)!;
        using ManualResetEventSlim ran = new();
        type.GetMethods()
            .Single(method => method is { Name: "Retire", IsGenericMethod: false })
            .Invoke(domain, [new Setter(ran), 0L]);
        type.GetMethod("Kick")!.Invoke(domain, null);
        ran.Wait();
        domain.Dispose();
        context.Unload();
        return new WeakReference(context);
    }

    private sealed class Setter(ManualResetEventSlim ran) : IDisposable
    {
        public void Dispose() => ran.Set();
    }
}
