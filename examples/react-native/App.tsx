import { GatehouseProvider, useAuthState } from '@gatehouse/client/react';
import { Button, Text, View } from 'react-native';
import { gatehouse } from './gatehouse';
import { SignIn } from './SignIn';

export default function App() {
  return (
    <GatehouseProvider client={gatehouse}>
      <View style={{ flex: 1, justifyContent: 'center', padding: 24 }}>
        <Screen />
      </View>
    </GatehouseProvider>
  );
}

function Screen() {
  const { status, user } = useAuthState();
  if (status === 'loading') return null;
  if (status === 'signed-out') return <SignIn />;
  return (
    <>
      <Text>Signed in as {user.email}</Text>
      <Button title="Log out" onPress={() => void gatehouse.logout()} />
    </>
  );
}
