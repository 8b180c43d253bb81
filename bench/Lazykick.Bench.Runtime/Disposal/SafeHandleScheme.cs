using Microsoft.Win32.SafeHandles;

namespace Lazykick.Bench.Runtime.Disposal;

/// <summary>A SafeHandle that each reader holds while it reads.</summary>
internal sealed unsafe class SafeHandleScheme : DisposalScheme
{
    private Handle _current = new(Allocate());

    public override long Read(int reader)
    {
        while (true)
        {
            var block = Volatile.Read(ref _current);
            var added = false;
            try
            {
                block.DangerousAddRef(ref added);
                return *(long*)block.DangerousGetHandle();
            }
            catch (ObjectDisposedException)
            {
                // Replaced in between: the next one.
            }
            finally
            {
                if (added)
                    block.DangerousRelease();
            }
        }
    }

    public override void Swap(nint block) => Interlocked.Exchange(ref _current, new Handle(block)).Dispose();

    public override void Dispose() => _current.Dispose();

    private sealed class Handle : SafeHandleZeroOrMinusOneIsInvalid
    {
        public Handle(nint block)
            : base(ownsHandle: true) => SetHandle(block);

        protected override bool ReleaseHandle()
        {
            Free(handle);
            return true;
        }
    }
}
